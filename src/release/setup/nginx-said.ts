/** What `nginx -t` and the start of nginx say, and what to do about that. In the words of nginx 1.22 and 1.26. */
const known: readonly [says: RegExp, hint: (groups: string[]) => string][] = [
  [
    /a duplicate default server for (\S+) in (\S+?):\d+/,
    ([address, file]) =>
      `two sites want to be the default of ${address}, one of them in ${file}: take default_server out of the one that is not in use, or remove its link from sites-enabled`,
  ],
  [
    /cannot load certificate(?: key)? "([^"]+)"/,
    ([file]) =>
      `${file} can not be read: is it there (tls.certificate, tls.key in djdeploy.yml, or a site whose certificate was removed)?`,
  ],
  [
    /SSL_CTX_use_certificate\("([^"]+)"\) failed[^\n]*(key too small|md too weak)/,
    ([file, what]) =>
      `${file} is too weak for this host's OpenSSL (${what}): get one with a key of 2048 bits or more, signed with SHA-256`,
  ],
  [
    /unknown directive "([^"]+)" in (\S+)/,
    ([directive, file]) =>
      `${file} uses ${directive}, of a module that is not installed here: install it, or take the line out`,
  ],
  [
    /could not build (server_names_hash), you should increase server_names_hash_bucket_size: (\d+)/,
    ([, size]) =>
      `a name of a site is long: write server_names_hash_bucket_size ${2 * Number(size)}; into the http block of /etc/nginx/nginx.conf`,
  ],
  [
    /host not found in upstream "([^"]+)" in (\S+)/,
    ([name, file]) =>
      `${file} passes to ${name}, a name that this host can not resolve: mend it, or remove that site's link from sites-enabled`,
  ],
  [
    /open\(\) "([^"]+)" failed \(2: No such file or directory\) in (\S+)/,
    ([included, file]) =>
      `${file} includes ${included}, which is not there (a site that certbot or somebody else wrote)`,
  ],
  [
    /(unexpected (?:end of file|"[^"]*")[^\n]*?) in (\S+)/,
    ([what, file]) => `${file} is broken (${what}): mend it, or remove its link from sites-enabled`,
  ],
  [
    /bind\(\) to (\S+) failed \(98: Address already in use\)/,
    ([address]) =>
      `another program has ${address}: ss -ltnp on the host says which (often apache2); stop it, or listen elsewhere`,
  ],
];

/** undefined where nothing is known. */
export function nginxHint(output: string): string | undefined {
  for (const [says, hint] of known) {
    const found = says.exec(output);
    if (found) return `${hint(found.slice(1).map((group) => group ?? ""))}; then run setup again`;
  }
  return undefined;
}
