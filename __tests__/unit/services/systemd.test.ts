import { expect, test } from "vitest";
import { webUnit } from "../../../src/services/systemd.ts";

const options = { app: "shop", user: "shop", path: "/srv/shop", stopTimeoutMs: 60_000, writable: [] };

test("the unit starts a slot's launcher behind the gate, sees only its own application, never changes", () => {
  expect(webUnit(options)).toBe(`[Unit]
Description=shop web server, slot %i
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
User=shop
ExecCondition=/usr/local/lib/djdeploy/shop-gate check %i
ExecStart=/srv/shop/slots/%i/.djdeploy/launch %i
Restart=always
RestartSec=1
KillMode=mixed
TimeoutStartSec=30
TimeoutStopSec=70
SyslogIdentifier=shop-web-%i
UMask=0022
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
TemporaryFileSystem=/srv:ro
BindReadOnlyPaths=/srv/shop
BindPaths=/srv/shop/sockets /srv/shop/shared /srv/shop/public/media
SystemCallFilter=~@debug process_vm_readv process_vm_writev
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`);
});

test("a user's own unit: its gate lies beside the application, and nothing is asked for that its systemd ignores", () => {
  const unit = webUnit({ ...options, path: "/home/shop/shop", scope: "user" });
  expect(unit).toBe(`[Unit]
Description=shop web server, slot %i
StartLimitIntervalSec=0

[Service]
Type=exec
ExecCondition=/home/shop/shop/.djdeploy/gate check %i
ExecStart=/home/shop/shop/slots/%i/.djdeploy/launch %i
Restart=always
RestartSec=1
KillMode=mixed
TimeoutStartSec=30
TimeoutStopSec=70
SyslogIdentifier=shop-web-%i
UMask=0022
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`);
});

test("a path outside /srv needs no binding back, and other places that are written are bound where they exist", () => {
  const unit = webUnit({ ...options, path: "/opt/shop", writable: ["/mnt/media"] });
  expect(unit).not.toContain("BindReadOnlyPaths");
  expect(unit).toContain("BindPaths=/opt/shop/sockets /opt/shop/shared /opt/shop/public/media -/mnt/media\n");
});

test("where /srv is a link, what it leads to is emptied and the application bound back", () => {
  const unit = webUnit({ ...options, path: "/data/srv/shop", srv: "/data/srv" });
  expect(unit).toContain("TemporaryFileSystem=/data/srv:ro\nBindReadOnlyPaths=/data/srv/shop\n");
});
