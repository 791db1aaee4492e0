/** Of this program; a test holds it equal to package.json, which the bundles do not carry. */
export const version = "0.1.0";
