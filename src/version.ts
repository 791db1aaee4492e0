/** Of this program; a test holds it equal to package.json, which the bundles do not carry. */
export const version = "1.0.0";

/**
 * OWNER/NAME of this program's home on GitHub. Everything that names it comes from here: what `init` writes, the generated
 * pages and workflows, and, held by a test, package.json. To move the project: change it here and `npm run generate`.
 */
export const home = "org/django-deploy";
