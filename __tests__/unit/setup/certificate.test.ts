import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { judgeCertificate } from "../../../src/release/setup/tls/judge.ts";

const folder = mkdtempSync(join(tmpdir(), "djdeploy-certificate-"));
afterAll(() => rmSync(folder, { recursive: true }));
execFileSync("openssl", [
  "ecparam",
  "-name",
  "prime256v1",
  "-genkey",
  "-noout",
  "-out",
  join(folder, "key.pem"),
]);
execFileSync(
  "openssl",
  [
    "req",
    "-x509",
    "-key",
    "key.pem",
    "-days",
    "90",
    "-subj",
    "/CN=x",
    "-addext",
    "subjectAltName=DNS:www.example.com,DNS:*.example.org",
    "-out",
    "cert.pem",
  ],
  { cwd: folder },
);
const certificate = readFileSync(join(folder, "cert.pem"), "utf8");
const publicKey = execFileSync("openssl", ["pkey", "-in", join(folder, "key.pem"), "-pubout"]).toString();
const files = { certificate: "/etc/ssl/site.pem", key: "/etc/ssl/site.key" };
const fact = { kind: "read" as const, certificate, publicKey, keyMode: "600 root:root", shown: certificate };
const now = Date.now();
const day = 86_400_000;
const judge = (more: Partial<typeof fact>, names: string[], at = now) =>
  judgeCertificate({ ...fact, ...more }, files, names, at);

test("one that is for the names: days, whether nginx shows it, what browsers will say", () => {
  expect(judge({}, ["www.example.com", "a.example.org", "*.example.org"])).toEqual({
    news: {
      daysLeft: 89,
      late: false,
      names: ["www.example.com", "*.example.org"],
      shown: true,
      warning: "it is self-signed: no browser trusts it by itself",
    },
  });
  expect(judge({ shown: "" }, ["www.example.com"])).toMatchObject({ news: { shown: false } });
  expect(judge({}, ["www.example.com"], now + 80 * day)).toMatchObject({
    news: { daysLeft: 9, late: true, warning: "it ends in 9 days" },
  });
});

test("one that lives for a week is late when two days are left, and not before", () => {
  const cut = [
    "req",
    "-x509",
    "-key",
    "key.pem",
    "-days",
    "7",
    "-subj",
    "/CN=x",
    "-addext",
    "subjectAltName=DNS:a.example.com",
  ];
  const week = execFileSync("openssl", cut, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] }).toString();
  const late = (at: number) => judge({ certificate: week }, ["a.example.com"], at);
  expect(late(now + 5 * day)).toMatchObject({ news: { late: false } });
  expect(late(now + 6 * day)).toMatchObject({ news: { late: true } });
});

test("a wildcard covers one level, and no wildcard covers one", () => {
  expect(judge({}, ["a.b.example.org"])).toMatchObject({
    problem: { at: files.certificate, message: "/etc/ssl/site.pem is not for a.b.example.org" },
  });
  expect(judge({}, ["*.example.com"])).toMatchObject({
    problem: { message: expect.stringContaining("is not for") },
  });
});

test("a time before and behind it", () => {
  expect(judge({}, ["www.example.com"], now - day)).toMatchObject({
    problem: { message: "/etc/ssl/site.pem is not valid yet", hint: "is the clock of this machine right?" },
  });
  expect(judge({}, ["www.example.com"], now + 91 * day)).toMatchObject({
    problem: { message: "/etc/ssl/site.pem has expired" },
  });
});

test("a key that a group reads will do, one that everybody reads will not", () => {
  expect(judge({ keyMode: "640 root:ssl-cert" }, ["www.example.com"])).toHaveProperty("news");
  expect(judge({ keyMode: "604 root:root" }, ["www.example.com"])).toMatchObject({
    problem: { at: files.key },
  });
});
