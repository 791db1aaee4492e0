/**
 * ipaddress of Python 3.8 to 3.14 for IPv4: addresses and networks that are given as text. IPv6, other ways to make
 * one, and what versions of Python decide differently (is_private, leading zeros) are not known.
 */
export const IPADDRESS = `
from _djdeploy import unknown

class AddressValueError(ValueError):
    pass

class NetmaskValueError(ValueError):
    pass

def _other(*args):
    return unknown('an address that is not modelled')(*args)

def _number(text):
    parts = text.split('.')
    if len(parts) != 4:
        raise AddressValueError('Expected 4 octets in ' + repr(text))
    number = 0
    for part in parts:
        if not part or not part.isascii() or not part.isdigit() or len(part) > 3 or int(part) > 255:
            raise AddressValueError(unknown('what ipaddress says', 'str'))
        if len(part) > 1 and part[0] == '0':
            return None
        number = number * 256 + int(part)
    return number

def _text(number):
    return '.'.join([str(number // 16777216), str(number // 65536 % 256), str(number // 256 % 256), str(number % 256)])

class IPv4Address:
    version = 4
    max_prefixlen = 32

    def __new__(cls, address):
        number = address
        if isinstance(address, str):
            if '/' in address:
                raise AddressValueError("Unexpected '/' in " + repr(address))
            number = _number(address)
        elif not isinstance(address, int) or isinstance(address, bool):
            return _other(address)
        if number is None:
            return _other(address)
        if number < 0 or number > 4294967295:
            raise AddressValueError(unknown('what ipaddress says', 'str'))
        made = object.__new__(cls)
        made._ip = number
        return made

    def __int__(self):
        return self._ip

    def __str__(self):
        return _text(self._ip)

    def __repr__(self):
        return 'IPv4Address(' + repr(_text(self._ip)) + ')'

    @property
    def compressed(self):
        return _text(self._ip)

    @property
    def exploded(self):
        return _text(self._ip)

    @property
    def is_loopback(self):
        return self._ip // 16777216 == 127

    @property
    def is_unspecified(self):
        return self._ip == 0

    def __eq__(self, other):
        if isinstance(other, IPv4Address):
            return self._ip == other._ip
        return False

    def __hash__(self):
        return unknown('the hash of an address', 'int')

    def __lt__(self, other):
        return self._ip < other._ip if isinstance(other, IPv4Address) else _other(other)

    def __gt__(self, other):
        return self._ip > other._ip if isinstance(other, IPv4Address) else _other(other)

    def __le__(self, other):
        return self._ip <= other._ip if isinstance(other, IPv4Address) else _other(other)

    def __ge__(self, other):
        return self._ip >= other._ip if isinstance(other, IPv4Address) else _other(other)

    def __add__(self, other):
        return IPv4Address(self._ip + other) if isinstance(other, int) else _other(other)

    def __sub__(self, other):
        return IPv4Address(self._ip - other) if isinstance(other, int) else _other(other)

class IPv4Network:
    version = 4
    max_prefixlen = 32

    def __new__(cls, address, strict=True):
        if not isinstance(address, str):
            return _other(address)
        parts = address.split('/')
        if len(parts) > 2:
            raise AddressValueError("Only one '/' permitted in " + repr(address))
        number = _number(parts[0])
        prefix = parts[1] if len(parts) == 2 else '32'
        if number is None or not prefix.isascii() or not prefix.isdigit() or len(prefix) > 2:
            return _other(address)
        if int(prefix) > 32:
            raise NetmaskValueError(unknown('what ipaddress says', 'str'))
        size = 2 ** (32 - int(prefix))
        if number % size and strict:
            raise ValueError(address + ' has host bits set')
        made = object.__new__(cls)
        made._ip = number - number % size
        made.prefixlen = int(prefix)
        made.num_addresses = size
        return made

    @property
    def network_address(self):
        return IPv4Address(self._ip)

    @property
    def broadcast_address(self):
        return IPv4Address(self._ip + self.num_addresses - 1)

    @property
    def netmask(self):
        return IPv4Address(4294967296 - self.num_addresses)

    def __str__(self):
        return _text(self._ip) + '/' + str(self.prefixlen)

    def __repr__(self):
        return 'IPv4Network(' + repr(str(self)) + ')'

    @property
    def with_prefixlen(self):
        return str(self)

    def __eq__(self, other):
        if isinstance(other, IPv4Network):
            return self._ip == other._ip and self.prefixlen == other.prefixlen
        return False

    def __hash__(self):
        return unknown('the hash of a network', 'int')

    def __contains__(self, other):
        if isinstance(other, IPv4Address):
            return self._ip <= other._ip < self._ip + self.num_addresses
        return False if isinstance(other, IPv4Network) else _other(other)

    def __iter__(self):
        if self.num_addresses > 1024:
            return _other(self.prefixlen)
        return (IPv4Address(self._ip + i) for i in range(self.num_addresses))

    def hosts(self):
        if self.num_addresses > 1024 or self.num_addresses < 4:
            return _other(self.prefixlen)
        return (IPv4Address(self._ip + i) for i in range(1, self.num_addresses - 1))

    def __getitem__(self, n):
        if not isinstance(n, int) or n < 0 or n >= self.num_addresses:
            return _other(n)
        return IPv4Address(self._ip + n)

    def __len__(self):
        return _other(self.prefixlen)

    def __bool__(self):
        return True

    def __lt__(self, other):
        return _other(other)

    __gt__ = __lt__
    __le__ = __lt__
    __ge__ = __lt__

def ip_address(address):
    if not isinstance(address, str) or ':' in address:
        return _other(address)
    try:
        return IPv4Address(address)
    except AddressValueError:
        raise ValueError(repr(address) + ' does not appear to be an IPv4 or IPv6 address') from None

def ip_network(address, strict=True):
    if not isinstance(address, str) or ':' in address:
        return _other(address)
    try:
        return IPv4Network(address, strict)
    except (AddressValueError, NetmaskValueError):
        raise ValueError(repr(address) + ' does not appear to be an IPv4 or IPv6 network') from None
`;
