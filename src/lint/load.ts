/**
 * The lint, read when it is first asked for. It and the Python that it knows are a third of the program: what does not
 * judge starts without them, and a deploy reads them while it logs in. So nothing else imports them but as types.
 */
export const loadLint = () => import(/* webpackChunkName: "lint" */ "./index.ts");
