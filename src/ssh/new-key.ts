import ssh2 from "ssh2";

export interface NewKey {
  privateKey: string;
  publicKey: string;
}

/** A new ed25519 key pair in OpenSSH's formats, protected by a passphrase if one is given. */
export function newDeployKey(comment: string, passphrase?: string): NewKey {
  const protection = passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 16 };
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment, ...protection });
    // About three of a thousand keys that ssh2 makes start with a zero byte that it leaves out: nobody can read them.
    if (ssh2.utils.parseKey(pair.private, passphrase) instanceof Error) continue;
    return { privateKey: pair.private, publicKey: pair.public };
  }
}
