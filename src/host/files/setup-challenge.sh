# Puts a token where an authority's challenge would lie, and fetches it by each name from here; the token stays until
# setup-certbot.sh takes it away. Parameters: folder, token, then the names, one a line. Prints one record a line, fields
# separated by tabs: name, address, outcome, what was seen.
IFS= read -r folder
IFS= read -r token
open=$(rooted "$folder") || fail "$open is not root's alone, and certbot writes below it: chown root:root $open && chmod go-w $open"
install -d -m 755 /var/lib/djdeploy /var/lib/djdeploy/acme "$folder" "$folder/.well-known" "$folder/.well-known/acme-challenge"
printf '%s\n' "$token" >"$folder/.well-known/acme-challenge/djdeploy"
chmod 644 "$folder/.well-known/acme-challenge/djdeploy"
names=$(cat)
# shellcheck disable=SC2086 # names have no spaces
timeout 120 python3 -I -c '
import http.client, os, socket, sys, threading, time

PATH = "/.well-known/acme-challenge/djdeploy"

def fetch(name, address):
    connection = http.client.HTTPConnection(address, 80, timeout=10)
    try:
        connection.request("GET", PATH, headers={"Host": name, "User-Agent": "djdeploy"})
        answer = connection.getresponse()
        if answer.status == 200 and answer.read(4096).decode("latin-1").strip() == sys.argv[1]:
            return "token", ""
        return "other", "%d by %s" % (answer.status, (answer.getheader("Server") or "a server without a name")[:60])
    except ConnectionRefusedError:
        return "refused", ""
    except TimeoutError:
        return "silent", ""
    except OSError:
        return "unknown", ""
    except http.client.HTTPException:
        return "other", "no HTTP"
    finally:
        connection.close()

# A reload of nginx is over before its new workers are there.
end = time.monotonic() + 10
while time.monotonic() < end and any(fetch(name, "127.0.0.1")[0] != "token" for name in sys.argv[2:]):
    time.sleep(0.1)

def look(name):
    try:
        rows = sorted({row[4][0] for row in socket.getaddrinfo(name, 80, type=socket.SOCK_STREAM)})
    except socket.gaierror as error:
        missing = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        return [(name, "", "no-address" if missing else "unknown", "")]
    return [(name, address, *fetch(name, address)) for address in rows[:8]]

# All at once and for half a minute: a server that answers drop by drop, or a name server that does not, is not waited for.
told = {}
def note(name):
    told[name] = look(name)
asking = [threading.Thread(target=note, args=(name,), daemon=True) for name in sys.argv[2:]]
for one in asking:
    one.start()
end = time.monotonic() + 30
for one in asking:
    one.join(max(0, end - time.monotonic()))
for name in sys.argv[2:]:
    for row in told.get(name, [(name, "", "unknown", "")]):
        print(*("".join(sign if sign.isprintable() else " " for sign in part) for part in row), sep="\t")
sys.stdout.flush()
os._exit(0)
' "$token" $names
