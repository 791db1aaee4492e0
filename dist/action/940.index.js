"use strict";
exports.id = 940;
exports.ids = [940];
exports.modules = {

/***/ 1057:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  allRules: () => (/* reexport */ allRules),
  codeLines: () => (/* reexport */ codeLines),
  explain: () => (/* reexport */ explain),
  explainValue: () => (/* reexport */ explainValue),
  fixProject: () => (/* reexport */ fixProject),
  lint: () => (/* reexport */ lint),
  lintToSarif: () => (/* reexport */ lintToSarif),
  renderFixes: () => (/* reexport */ renderFixes),
  renderLint: () => (/* reexport */ renderLint),
  renderValue: () => (/* reexport */ renderValue)
});

;// CONCATENATED MODULE: ./build/src/python/names/modules.gen.js
// Made by `npm run python-names` from CPython 3.11, 3.14: see scripts/python-names. Do not edit.
/** A module a line: its name and what it holds. `?`: not in every Python. */
const MODULE_NAMES = `
builtins ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError? RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
abc ABC ABCMeta abstractclassmethod abstractmethod abstractproperty abstractstaticmethod get_cache_token update_abstractmethods
ast AST Add And AnnAssign Assert Assign AsyncFor AsyncFunctionDef AsyncWith Attribute AugAssign AugLoad AugStore Await BinOp BitAnd BitOr BitXor BoolOp Break Bytes? Call ClassDef Compare Constant Continue Del Delete Dict DictComp Div Ellipsis? Eq ExceptHandler Expr Expression ExtSlice FloorDiv For FormattedValue FunctionDef FunctionType GeneratorExp Global Gt GtE If IfExp Import ImportFrom In Index IntEnum? Interactive Interpolation? Invert Is IsNot JoinedStr LShift Lambda List ListComp Load Lt LtE MatMult Match MatchAs MatchClass MatchMapping MatchOr MatchSequence MatchSingleton MatchStar MatchValue Mod Module Mult Name NameConstant? NamedExpr NodeTransformer NodeVisitor Nonlocal Not NotEq NotIn Num? Or Param ParamSpec? Pass Pow PyCF_ALLOW_TOP_LEVEL_AWAIT PyCF_ONLY_AST PyCF_OPTIMIZED_AST? PyCF_TYPE_COMMENTS RShift Raise Return Set SetComp Slice Starred Store Str? Sub Subscript Suite TemplateStr? Try TryStar Tuple TypeAlias? TypeIgnore TypeVar? TypeVarTuple? UAdd USub UnaryOp While With Yield YieldFrom alias arg arguments auto? boolop cmpop compare? comprehension contextmanager? copy_location dump excepthandler expr expr_context fix_missing_locations get_docstring get_source_segment increment_lineno iter_child_nodes iter_fields keyword literal_eval main match_case mod nullcontext? operator parse pattern slice stmt sys? type_ignore type_param? unaryop unparse walk withitem
base64 MAXBINSIZE MAXLINESIZE a85decode a85encode b16decode b16encode b32decode b32encode b32hexdecode b32hexencode b64decode b64encode b85decode b85encode binascii bytes_types decode decodebytes encode encodebytes main re? standard_b64decode standard_b64encode struct test? urlsafe_b64decode urlsafe_b64encode z85decode? z85encode?
binascii Error Incomplete a2b_base64 a2b_hex a2b_qp a2b_uu b2a_base64 b2a_hex b2a_qp b2a_uu crc32 crc_hqx hexlify unhexlify
bisect bisect bisect_left bisect_right insort insort_left insort_right
calendar APRIL? AUGUST? Calendar DECEMBER? Day? EPOCH FEBRUARY? FRIDAY February? HTMLCalendar IllegalMonthError IllegalWeekdayError IntEnum? JANUARY? JULY? JUNE? January? LocaleHTMLCalendar LocaleTextCalendar MARCH? MAY? MONDAY Month? NOVEMBER? OCTOBER? SATURDAY SEPTEMBER? SUNDAY THURSDAY TUESDAY TextCalendar WEDNESDAY c calendar datetime day_abbr day_name different_locale error firstweekday format formatstring global_enum? isleap leapdays main mdays month month_abbr month_name monthcalendar monthrange prcal prmonth prweek repeat setfirstweekday sys timegm week weekday weekheader
collections ChainMap Counter OrderedDict UserDict UserList UserString abc defaultdict deque heapq? namedtuple
configparser BasicInterpolation ConfigParser ConverterMapping DEFAULTSECT DuplicateOptionError DuplicateSectionError Error ExtendedInterpolation Interpolation InterpolationDepthError InterpolationError InterpolationMissingOptionError InterpolationSyntaxError InvalidWriteError? Iterable? LegacyInterpolation? MAX_INTERPOLATION_DEPTH MissingSectionHeaderError MultilineContinuationError? MutableMapping NoOptionError NoSectionError ParsingError RawConfigParser SafeConfigParser? SectionProxy UNNAMED_SECTION? UnnamedSectionDisabledError? contextlib? functools io itertools os re sys warnings?
contextlib AbstractAsyncContextManager AbstractContextManager AsyncContextDecorator AsyncExitStack ContextDecorator ExitStack GenericAlias MethodType abc aclosing asynccontextmanager chdir closing contextmanager deque nullcontext os redirect_stderr redirect_stdout suppress sys wraps
copy Error copy deepcopy dispatch_table error replace?
dataclasses Field FrozenInstanceError FunctionType? GenericAlias? InitVar KW_ONLY MISSING abc annotationlib? asdict astuple builtins? copy dataclass field fields functools? inspect is_dataclass itertools keyword make_dataclass re recursive_repr? replace sys types
datetime MAXYEAR MINYEAR UTC date datetime datetime_CAPI sys? time timedelta timezone tzinfo
decimal BasicContext Clamped Context ConversionSyntax Decimal DecimalException DecimalTuple DefaultContext DivisionByZero DivisionImpossible DivisionUndefined ExtendedContext FloatOperation HAVE_CONTEXTVAR HAVE_THREADS IEEEContext? IEEE_CONTEXT_MAX_BITS? Inexact InvalidContext InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN MIN_ETINY Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded Subnormal Underflow getcontext localcontext setcontext
enum CONFORM CONTINUOUS DynamicClassAttribute EJECT Enum EnumCheck EnumDict? EnumMeta EnumType Flag FlagBoundary IntEnum IntFlag KEEP MappingProxyType NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE auto bin bltns global_enum global_enum_repr global_flag_repr global_str member nonmember pickle_by_enum_name pickle_by_global_name property reduce? show_flag_values sys unique verify
fractions Decimal? Fraction functools? math numbers operator re sys
functools GenericAlias MappingProxyType? MethodType? Placeholder? RLock UnionType? WRAPPER_ASSIGNMENTS WRAPPER_UPDATES cache cached_property cmp_to_key get_cache_token itemgetter? lru_cache namedtuple partial partialmethod recursive_repr reduce singledispatch singledispatchmethod total_ordering update_wrapper wraps
glob contextlib escape fnmatch functools? glob glob0 glob1 has_magic iglob itertools magic_check magic_check_bytes operator? os re stat sys translate?
hashlib algorithms_available algorithms_guaranteed blake2b blake2s file_digest md5 new pbkdf2_hmac? scrypt? sha1 sha224 sha256 sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512 shake_128 shake_256
hmac HMAC compare_digest digest digest_size new trans_36 trans_5C
html entities escape unescape
importlib abc? find_loader? import_module invalidate_caches machinery readers? reload resources? sys util warnings?
inspect AGEN_CLOSED? AGEN_CREATED? AGEN_RUNNING? AGEN_SUSPENDED? ArgInfo Arguments Attribute BlockFinder BoundArguments BufferFlags? CORO_CLOSED CORO_CREATED CORO_RUNNING CORO_SUSPENDED CO_ASYNC_GENERATOR CO_COROUTINE CO_GENERATOR CO_HAS_DOCSTRING? CO_ITERABLE_COROUTINE CO_METHOD? CO_NESTED CO_NEWLOCALS CO_NOFREE CO_OPTIMIZED CO_VARARGS CO_VARKEYWORDS ClassFoundException ClosureVars EndOfBlock Format? ForwardRef? FrameInfo FullArgSpec GEN_CLOSED GEN_CREATED GEN_RUNNING GEN_SUSPENDED OrderedDict Parameter Signature TPFLAGS_IS_ABSTRACT Traceback abc ast attrgetter builtins classify_class_attrs cleandoc collections currentframe dis enum findsource formatannotation formatannotationrelativeto formatargvalues functools get_annotations getabsfile getargs getargvalues getasyncgenlocals? getasyncgenstate? getattr_static getblock getcallargs getclasstree getclosurevars getcomments getcoroutinelocals getcoroutinestate getdoc getfile getframeinfo getfullargspec getgeneratorlocals getgeneratorstate getinnerframes getlineno getmembers getmembers_static getmodule getmodulename getmro getouterframes getsource getsourcefile getsourcelines importlib indentsize isabstract isasyncgen isasyncgenfunction isawaitable isbuiltin isclass iscode iscoroutine iscoroutinefunction isdatadescriptor isframe isfunction isgenerator isgeneratorfunction isgetsetdescriptor iskeyword ismemberdescriptor ismethod ismethoddescriptor ismethodwrapper ismodule ispackage? isroutine istraceback itertools linecache make_weakref? markcoroutinefunction? modulesbyfile namedtuple os re signature stack sys token tokenize trace types unwrap walktree
io BlockingIOError BufferedIOBase BufferedRWPair BufferedRandom BufferedReader BufferedWriter BytesIO DEFAULT_BUFFER_SIZE FileIO GenericAlias? IOBase IncrementalNewlineDecoder RawIOBase Reader? SEEK_CUR SEEK_END SEEK_SET StringIO TextIOBase TextIOWrapper UnsupportedOperation Writer? abc open open_code text_encoding
ipaddress AddressValueError IPV4LENGTH IPV6LENGTH IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network NetmaskValueError collapse_addresses functools get_mixed_type_key ip_address ip_interface ip_network summarize_address_range v4_int_to_packed v6_int_to_packed
itertools accumulate batched? chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest
json JSONDecodeError JSONDecoder JSONEncoder codecs decoder detect_encoding dump dumps encoder load loads scanner
locale ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7 ABMON_1 ABMON_10 ABMON_11 ABMON_12 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9 ALT_DIGITS AM_STR CHAR_MAX CODESET CRNCYSTR DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6 DAY_7 D_FMT D_T_FMT ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT Error LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_MONETARY LC_NUMERIC LC_TIME MON_1 MON_10 MON_11 MON_12 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 NOEXPR PM_STR RADIXCHAR THOUSEP T_FMT T_FMT_AMPM YESEXPR atof atoi bind_textdomain_codeset bindtextdomain currency dcgettext delocalize dgettext encodings format? format_string functools getdefaultlocale getencoding getlocale getpreferredencoding gettext locale_alias locale_encoding_alias localeconv localize nl_langinfo normalize re? resetlocale? setlocale str strcoll strxfrm sys textdomain windows_locale
logging BASIC_FORMAT BufferingFormatter CRITICAL DEBUG ERROR FATAL FileHandler Filter Filterer Formatter GenericAlias Handler INFO LogRecord Logger LoggerAdapter Manager NOTSET NullHandler PercentStyle PlaceHolder RootLogger StrFormatStyle StreamHandler StringTemplateStyle Template WARN WARNING addLevelName atexit basicConfig captureWarnings collections critical currentframe debug disable error exception fatal getHandlerByName? getHandlerNames? getLevelName getLevelNamesMapping getLogRecordFactory getLogger getLoggerClass info io lastResort log logAsyncioTasks? logMultiprocessing logProcesses logThreads makeLogRecord os raiseExceptions re root setLogRecordFactory setLoggerClass shutdown sys threading time traceback warn warning warnings weakref
math acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2 expm1 fabs factorial floor fma? fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt sumprod? tan tanh tau trunc ulp
operator abs add and_ attrgetter call concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat ifloordiv ilshift imatmul imod imul index indexOf inv invert ior ipow irshift is_ is_none? is_not is_not_none? isub itemgetter itruediv ixor le length_hint lshift lt matmul methodcaller mod mul ne neg not_ or_ pos pow rshift setitem sub truediv truth xor
os CLD_CONTINUED CLD_DUMPED CLD_EXITED CLD_KILLED CLD_STOPPED CLD_TRAPPED DirEntry EFD_CLOEXEC? EFD_NONBLOCK? EFD_SEMAPHORE? EX_CANTCREAT EX_CONFIG EX_DATAERR EX_IOERR EX_NOHOST EX_NOINPUT EX_NOPERM EX_NOUSER EX_OK EX_OSERR EX_OSFILE EX_PROTOCOL EX_SOFTWARE EX_TEMPFAIL EX_UNAVAILABLE EX_USAGE F_LOCK F_OK F_TEST F_TLOCK F_ULOCK GRND_NONBLOCK? GRND_RANDOM? GenericAlias MFD_ALLOW_SEALING? MFD_CLOEXEC? MFD_HUGETLB? MFD_HUGE_16GB? MFD_HUGE_16MB? MFD_HUGE_1GB? MFD_HUGE_1MB? MFD_HUGE_256MB? MFD_HUGE_2GB? MFD_HUGE_2MB? MFD_HUGE_32MB? MFD_HUGE_512KB? MFD_HUGE_512MB? MFD_HUGE_64KB? MFD_HUGE_8MB? MFD_HUGE_MASK? MFD_HUGE_SHIFT? Mapping MutableMapping NGROUPS_MAX O_ACCMODE O_APPEND O_ASYNC O_CLOEXEC O_CREAT O_DIRECT O_DIRECTORY O_DSYNC O_EXCL O_EXEC? O_FSYNC? O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_RDONLY O_RDWR O_RSYNC O_SEARCH? O_SYNC O_TMPFILE O_TRUNC O_TTY_INIT? O_WRONLY POSIX_FADV_DONTNEED POSIX_FADV_NOREUSE POSIX_FADV_NORMAL POSIX_FADV_RANDOM POSIX_FADV_SEQUENTIAL POSIX_FADV_WILLNEED POSIX_SPAWN_CLOSE? POSIX_SPAWN_DUP2? POSIX_SPAWN_OPEN? PRIO_PGRP PRIO_PROCESS PRIO_USER P_ALL P_NOWAIT P_NOWAITO P_PGID P_PID P_PIDFD? P_WAIT PathLike RTLD_DEEPBIND? RTLD_GLOBAL RTLD_LAZY RTLD_LOCAL RTLD_NODELETE RTLD_NOLOAD RTLD_NOW RWF_APPEND RWF_DSYNC RWF_HIPRI RWF_NOWAIT RWF_SYNC R_OK SCHED_BATCH SCHED_DEADLINE? SCHED_FIFO SCHED_IDLE SCHED_OTHER SCHED_RESET_ON_FORK SCHED_RR SEEK_CUR SEEK_DATA? SEEK_END SEEK_HOLE? SEEK_SET SPLICE_F_MORE? SPLICE_F_MOVE? SPLICE_F_NONBLOCK? ST_APPEND ST_MANDLOCK ST_NOATIME ST_NODEV ST_NODIRATIME ST_NOEXEC ST_NOSUID ST_RDONLY ST_RELATIME ST_SYNCHRONOUS ST_WRITE TMP_MAX WCONTINUED WCOREDUMP WEXITED WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WNOHANG WNOWAIT WSTOPPED WSTOPSIG WTERMSIG WUNTRACED W_OK XATTR_CREATE? XATTR_REPLACE? XATTR_SIZE_MAX? X_OK abc abort access altsep chdir chmod chown chroot close closerange confstr confstr_names copy_file_range? cpu_count ctermid curdir defpath device_encoding devnull dup dup2 environ environb error eventfd? eventfd_read? eventfd_write? execl execle execlp execlpe execv execve execvp execvpe extsep fchdir fchmod fchown fdatasync fdopen fork forkpty? fpathconf fsdecode fsencode fspath fstat fstatvfs fsync ftruncate fwalk get_blocking get_exec_path get_inheritable get_terminal_size getcwd getcwdb getegid? getenv getenvb geteuid? getgid getgrouplist? getgroups? getloadavg getlogin getpgid getpgrp getpid getppid getpriority getrandom? getresgid? getresuid? getsid getuid getxattr? grantpt? initgroups? isatty kill killpg lchown? linesep link? listdir listxattr? lockf login_tty lseek lstat major makedev makedirs memfd_create? minor mkdir mkfifo? mknod? name nice? open openpty? pardir path pathconf pathconf_names pathsep pidfd_open? pipe pipe2? popen posix_fadvise posix_fallocate? posix_openpt? posix_spawn? posix_spawnp? pread preadv? process_cpu_count? ptsname? putenv pwrite pwritev? read readinto? readlink readv register_at_fork reload_environ? remove removedirs removexattr? rename renames replace rmdir scandir sched_get_priority_max? sched_get_priority_min? sched_getaffinity? sched_getparam? sched_getscheduler? sched_param? sched_rr_get_interval? sched_setaffinity? sched_setparam? sched_setscheduler? sched_yield sendfile? sep set_blocking set_inheritable setegid? seteuid? setgid setgroups? setpgid setpgrp setpriority? setregid setresgid? setresuid? setreuid setsid setuid setxattr? spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe splice? st stat stat_result statvfs statvfs_result strerror supports_bytes_environ supports_dir_fd supports_effective_ids supports_fd supports_follow_symlinks symlink sync sys sysconf sysconf_names system tcgetpgrp tcsetpgrp terminal_size times times_result truncate ttyname umask uname uname_result unlink unlockpt? unsetenv urandom utime wait wait3 wait4 waitid waitid_result waitpid waitstatus_to_exitcode walk write writev
os.path ALLOW_MISSING? abspath altsep basename commonpath commonprefix curdir defpath devnull dirname errno? exists expanduser expandvars extsep genericpath getatime getctime getmtime getsize isabs isdevdrive? isdir isfile isjunction? islink ismount join lexists normcase normpath os pardir pathsep realpath relpath samefile sameopenfile samestat sep split splitdrive splitext splitroot? stat supports_unicode_filenames sys
pathlib DirEntryInfo? E2BIG? EACCES? EADDRINUSE? EADDRNOTAVAIL? EADV? EAFNOSUPPORT? EAGAIN? EALREADY? EBADE? EBADF EBADFD? EBADMSG? EBADR? EBADRQC? EBADSLT? EBFONT? EBUSY? ECANCELED? ECHILD? ECHRNG? ECOMM? ECONNABORTED? ECONNREFUSED? ECONNRESET? EDEADLK? EDEADLOCK? EDESTADDRREQ? EDOM? EDOTDOT? EDQUOT? EEXIST? EFAULT? EFBIG? EHOSTDOWN? EHOSTUNREACH? EHWPOISON? EIDRM? EILSEQ? EINPROGRESS? EINTR? EINVAL? EIO? EISCONN? EISDIR? EISNAM? EKEYEXPIRED? EKEYREJECTED? EKEYREVOKED? EL2HLT? EL2NSYNC? EL3HLT? EL3RST? ELIBACC? ELIBBAD? ELIBEXEC? ELIBMAX? ELIBSCN? ELNRNG? ELOOP EMEDIUMTYPE? EMFILE? EMLINK? EMSGSIZE? EMULTIHOP? ENAMETOOLONG? ENAVAIL? ENETDOWN? ENETRESET? ENETUNREACH? ENFILE? ENOANO? ENOBUFS? ENOCSI? ENODATA? ENODEV? ENOENT ENOEXEC? ENOKEY? ENOLCK? ENOLINK? ENOMEDIUM? ENOMEM? ENOMSG? ENONET? ENOPKG? ENOPROTOOPT? ENOSPC? ENOSR? ENOSTR? ENOSYS? ENOTBLK? ENOTCONN? ENOTDIR ENOTEMPTY? ENOTNAM? ENOTRECOVERABLE? ENOTSOCK? ENOTSUP? ENOTTY? ENOTUNIQ? ENXIO? EOPNOTSUPP? EOVERFLOW? EOWNERDEAD? EPERM? EPFNOSUPPORT? EPIPE? EPROTO? EPROTONOSUPPORT? EPROTOTYPE? ERANGE? EREMCHG? EREMOTE? EREMOTEIO? ERESTART? ERFKILL? EROFS? ESHUTDOWN? ESOCKTNOSUPPORT? ESPIPE? ESRCH? ESRMNT? ESTALE? ESTRPIPE? ETIME? ETIMEDOUT? ETOOMANYREFS? ETXTBSY? EUCLEAN? EUNATCH? EUSERS? EWOULDBLOCK? EXDEV? EXFULL? Path PathInfo? PosixPath PurePath PurePosixPath PureWindowsPath S_ISBLK S_ISCHR S_ISDIR S_ISFIFO S_ISLNK? S_ISREG S_ISSOCK Sequence UnsupportedOperation? WindowsPath attrgetter? chain? copy_info? copyfile2? copyfileobj? ensure_different_files? ensure_distinct_paths? errorcode? fnmatch? functools? grp? io magic_open? ntpath operator? os posixpath pwd? re? sys urlquote_from_bytes? warnings?
platform AndroidVer? IOSVersionInfo? android_ver? architecture collections freedesktop_os_release functools invalidate_caches? ios_ver? itertools java_ver libc_ver mac_ver machine node os platform processor python_branch python_build python_compiler python_implementation python_revision python_version python_version_tuple re release sys system system_alias uname uname_result version win32_edition win32_is_iot win32_ver
pprint PrettyPrinter isreadable isrecursive pformat pp pprint re? saferepr
random BPF LOG4 NV_MAGICCONST RECIP_BPF Random SG_MAGICCONST SystemRandom TWOPI betavariate binomialvariate? choice choices expovariate gammavariate gauss getrandbits getstate lognormvariate main? normalvariate paretovariate randbytes randint random randrange sample seed setstate shuffle triangular uniform vonmisesvariate weibullvariate
re A ASCII DEBUG DOTALL I IGNORECASE L LOCALE M MULTILINE Match NOFLAG Pattern PatternError? RegexFlag S Scanner T? TEMPLATE? U UNICODE VERBOSE X compile copyreg enum error escape findall finditer fullmatch functools match purge search split sub subn template?
secrets DEFAULT_ENTROPY SystemRandom base64 binascii? choice compare_digest randbelow randbits token_bytes token_hex token_urlsafe
shlex StringIO deque? join os? quote re? shlex split sys
shutil COPY_BUFSIZE Error ExecError? ReadError RegistryError SameFileError SpecialFileError chown collections copy copy2 copyfile copyfileobj copymode copystat copytree disk_usage errno fnmatch get_archive_formats get_terminal_size get_unpack_formats ignore_patterns make_archive move nt os posix register_archive_format register_unpack_format rmtree stat sys unpack_archive unregister_archive_format unregister_unpack_format which
socket AF_ALG? AF_APPLETALK AF_ASH AF_ATMPVC AF_ATMSVC AF_AX25 AF_BRIDGE AF_CAN? AF_DECnet AF_ECONET AF_INET AF_INET6 AF_IPX AF_IRDA AF_KEY AF_LLC AF_NETBEUI AF_NETLINK? AF_NETROM AF_PACKET AF_PPPOX AF_QIPCRTR? AF_RDS AF_ROSE AF_ROUTE AF_SECURITY AF_SNA AF_TIPC? AF_UNIX? AF_UNSPEC AF_VSOCK? AF_WANPIPE AF_X25 AI_ADDRCONFIG AI_ALL AI_CANONNAME AI_NUMERICHOST AI_NUMERICSERV AI_PASSIVE AI_V4MAPPED ALG_OP_DECRYPT? ALG_OP_ENCRYPT? ALG_OP_SIGN? ALG_OP_VERIFY? ALG_SET_AEAD_ASSOCLEN? ALG_SET_AEAD_AUTHSIZE? ALG_SET_IV? ALG_SET_KEY? ALG_SET_OP? ALG_SET_PUBKEY? AddressFamily AddressInfo CAN_BCM? CAN_BCM_CAN_FD_FRAME? CAN_BCM_RX_ANNOUNCE_RESUME? CAN_BCM_RX_CHANGED? CAN_BCM_RX_CHECK_DLC? CAN_BCM_RX_DELETE? CAN_BCM_RX_FILTER_ID? CAN_BCM_RX_NO_AUTOTIMER? CAN_BCM_RX_READ? CAN_BCM_RX_RTR_FRAME? CAN_BCM_RX_SETUP? CAN_BCM_RX_STATUS? CAN_BCM_RX_TIMEOUT? CAN_BCM_SETTIMER? CAN_BCM_STARTTIMER? CAN_BCM_TX_ANNOUNCE? CAN_BCM_TX_COUNTEVT? CAN_BCM_TX_CP_CAN_ID? CAN_BCM_TX_DELETE? CAN_BCM_TX_EXPIRED? CAN_BCM_TX_READ? CAN_BCM_TX_RESET_MULTI_IDX? CAN_BCM_TX_SEND? CAN_BCM_TX_SETUP? CAN_BCM_TX_STATUS? CAN_EFF_FLAG? CAN_EFF_MASK? CAN_ERR_FLAG? CAN_ERR_MASK? CAN_ISOTP? CAN_J1939? CAN_RAW? CAN_RAW_FD_FRAMES? CAN_RAW_FILTER? CAN_RAW_JOIN_FILTERS? CAN_RAW_LOOPBACK? CAN_RAW_RECV_OWN_MSGS? CAN_RTR_FLAG? CAN_SFF_MASK? CAPI CMSG_LEN CMSG_SPACE EAGAIN EAI_ADDRFAMILY EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NODATA EAI_NONAME EAI_OVERFLOW EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM EBADF ETHERTYPE_ARP? ETHERTYPE_IP? ETHERTYPE_IPV6? ETHERTYPE_VLAN? ETH_P_ALL? EWOULDBLOCK INADDR_ALLHOSTS_GROUP INADDR_ANY INADDR_BROADCAST INADDR_LOOPBACK INADDR_MAX_LOCAL_GROUP INADDR_NONE INADDR_UNSPEC_GROUP IOCTL_VM_SOCKETS_GET_LOCAL_CID? IPPORT_RESERVED IPPORT_USERRESERVED IPPROTO_AH IPPROTO_DSTOPTS IPPROTO_EGP IPPROTO_ESP IPPROTO_FRAGMENT IPPROTO_GRE IPPROTO_HOPOPTS IPPROTO_ICMP IPPROTO_ICMPV6 IPPROTO_IDP IPPROTO_IGMP IPPROTO_IP IPPROTO_IPIP IPPROTO_IPV6 IPPROTO_MAX? IPPROTO_MPTCP IPPROTO_NONE IPPROTO_PIM IPPROTO_PUP IPPROTO_RAW IPPROTO_ROUTING IPPROTO_RSVP IPPROTO_SCTP? IPPROTO_TCP IPPROTO_TP IPPROTO_UDP IPPROTO_UDPLITE IPV6_CHECKSUM IPV6_DONTFRAG IPV6_DSTOPTS IPV6_HOPLIMIT IPV6_HOPOPTS IPV6_JOIN_GROUP IPV6_LEAVE_GROUP IPV6_MULTICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_LOOP IPV6_NEXTHOP IPV6_PATHMTU IPV6_PKTINFO IPV6_RECVDSTOPTS IPV6_RECVERR? IPV6_RECVHOPLIMIT IPV6_RECVHOPOPTS IPV6_RECVPATHMTU IPV6_RECVPKTINFO IPV6_RECVRTHDR IPV6_RECVTCLASS IPV6_RTHDR IPV6_RTHDRDSTOPTS IPV6_RTHDR_TYPE_0 IPV6_TCLASS IPV6_UNICAST_HOPS IPV6_V6ONLY IP_ADD_MEMBERSHIP IP_ADD_SOURCE_MEMBERSHIP? IP_BIND_ADDRESS_NO_PORT IP_BLOCK_SOURCE? IP_DEFAULT_MULTICAST_LOOP IP_DEFAULT_MULTICAST_TTL IP_DROP_MEMBERSHIP IP_DROP_SOURCE_MEMBERSHIP? IP_FREEBIND? IP_HDRINCL IP_MAX_MEMBERSHIPS IP_MULTICAST_IF IP_MULTICAST_LOOP IP_MULTICAST_TTL IP_OPTIONS IP_PKTINFO? IP_RECVERR? IP_RECVOPTS IP_RECVORIGDSTADDR? IP_RECVRETOPTS IP_RECVTOS IP_RECVTTL? IP_RETOPTS IP_TOS IP_TRANSPARENT IP_TTL IP_UNBLOCK_SOURCE? IntEnum IntFlag J1939_EE_INFO_NONE? J1939_EE_INFO_TX_ABORT? J1939_FILTER_MAX? J1939_IDLE_ADDR? J1939_MAX_UNICAST_ADDR? J1939_NLA_BYTES_ACKED? J1939_NLA_PAD? J1939_NO_ADDR? J1939_NO_NAME? J1939_NO_PGN? J1939_PGN_ADDRESS_CLAIMED? J1939_PGN_ADDRESS_COMMANDED? J1939_PGN_MAX? J1939_PGN_PDU1_MAX? J1939_PGN_REQUEST? MSG_CMSG_CLOEXEC MSG_CONFIRM MSG_CTRUNC MSG_DONTROUTE MSG_DONTWAIT MSG_EOR MSG_ERRQUEUE MSG_FASTOPEN MSG_MORE MSG_NOSIGNAL MSG_OOB MSG_PEEK MSG_TRUNC MSG_WAITALL MsgFlag NETLINK_CRYPTO? NETLINK_DNRTMSG? NETLINK_FIREWALL? NETLINK_IP6_FW? NETLINK_NFLOG? NETLINK_ROUTE? NETLINK_USERSOCK? NETLINK_XFRM? NI_DGRAM NI_MAXHOST NI_MAXSERV NI_NAMEREQD NI_NOFQDN NI_NUMERICHOST NI_NUMERICSERV PACKET_BROADCAST? PACKET_FASTROUTE? PACKET_HOST? PACKET_LOOPBACK? PACKET_MULTICAST? PACKET_OTHERHOST? PACKET_OUTGOING? PF_CAN? PF_PACKET PF_RDS SCM_CREDENTIALS SCM_J1939_DEST_ADDR? SCM_J1939_DEST_NAME? SCM_J1939_ERRQUEUE? SCM_J1939_PRIO? SCM_RIGHTS SHUT_RD SHUT_RDWR SHUT_WR SOCK_CLOEXEC SOCK_DGRAM SOCK_NONBLOCK SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_STREAM SOL_ALG? SOL_CAN_BASE? SOL_CAN_RAW? SOL_IP SOL_RDS SOL_SOCKET SOL_TCP SOL_TIPC? SOL_UDP SOMAXCONN SO_ACCEPTCONN SO_BINDTODEVICE SO_BINDTOIFINDEX? SO_BROADCAST SO_DEBUG SO_DOMAIN SO_DONTROUTE SO_ERROR SO_INCOMING_CPU SO_J1939_ERRQUEUE? SO_J1939_FILTER? SO_J1939_PROMISC? SO_J1939_SEND_PRIO? SO_KEEPALIVE SO_LINGER SO_MARK SO_OOBINLINE SO_PASSCRED SO_PASSSEC SO_PEERCRED SO_PEERSEC SO_PRIORITY SO_PROTOCOL SO_RCVBUF SO_RCVLOWAT SO_RCVTIMEO SO_REUSEADDR? SO_REUSEPORT? SO_SNDBUF SO_SNDLOWAT SO_SNDTIMEO SO_TYPE SO_VM_SOCKETS_BUFFER_MAX_SIZE? SO_VM_SOCKETS_BUFFER_MIN_SIZE? SO_VM_SOCKETS_BUFFER_SIZE? SocketIO SocketKind SocketType TCP_CC_INFO? TCP_CONGESTION TCP_CORK TCP_DEFER_ACCEPT TCP_FASTOPEN TCP_FASTOPEN_CONNECT? TCP_FASTOPEN_KEY? TCP_FASTOPEN_NO_COOKIE? TCP_INFO TCP_INQ? TCP_KEEPCNT TCP_KEEPIDLE TCP_KEEPINTVL TCP_LINGER2 TCP_MAXSEG TCP_MD5SIG? TCP_MD5SIG_EXT? TCP_NODELAY TCP_NOTSENT_LOWAT TCP_QUEUE_SEQ? TCP_QUICKACK TCP_REPAIR? TCP_REPAIR_OPTIONS? TCP_REPAIR_QUEUE? TCP_REPAIR_WINDOW? TCP_SAVED_SYN? TCP_SAVE_SYN? TCP_SYNCNT TCP_THIN_DUPACK? TCP_THIN_LINEAR_TIMEOUTS? TCP_TIMESTAMP? TCP_TX_DELAY? TCP_ULP? TCP_USER_TIMEOUT TCP_WINDOW_CLAMP TCP_ZEROCOPY_RECEIVE? TIPC_ADDR_ID? TIPC_ADDR_NAME? TIPC_ADDR_NAMESEQ? TIPC_CFG_SRV? TIPC_CLUSTER_SCOPE? TIPC_CONN_TIMEOUT? TIPC_CRITICAL_IMPORTANCE? TIPC_DEST_DROPPABLE? TIPC_HIGH_IMPORTANCE? TIPC_IMPORTANCE? TIPC_LOW_IMPORTANCE? TIPC_MEDIUM_IMPORTANCE? TIPC_NODE_SCOPE? TIPC_PUBLISHED? TIPC_SRC_DROPPABLE? TIPC_SUBSCR_TIMEOUT? TIPC_SUB_CANCEL? TIPC_SUB_PORTS? TIPC_SUB_SERVICE? TIPC_TOP_SRV? TIPC_WAIT_FOREVER? TIPC_WITHDRAWN? TIPC_ZONE_SCOPE? UDPLITE_RECV_CSCOV UDPLITE_SEND_CSCOV VMADDR_CID_ANY? VMADDR_CID_HOST? VMADDR_PORT_ANY? VM_SOCKETS_INVALID_VERSION? array? close create_connection create_server dup errno error fromfd gaierror getaddrinfo getdefaulttimeout getfqdn gethostbyaddr gethostbyname gethostbyname_ex gethostname getnameinfo getprotobyname getservbyname getservbyport has_dualstack_ipv6 has_ipv6 herror htonl htons if_indextoname if_nameindex if_nametoindex inet_aton inet_ntoa inet_ntop inet_pton io ntohl ntohs os recv_fds selectors? send_fds setdefaulttimeout sethostname? socket socketpair sys timeout
statistics Counter Decimal Fraction LinearRegression NormalDist StatisticsError acos? asin? atan? bisect_left bisect_right correlation cos? cosh? count? covariance defaultdict erf? erfc? exp fabs fmean fsum geometric_mean groupby harmonic_mean hypot isfinite? isinf? itemgetter? kde? kde_random? linear_regression log math mean median median_grouped median_high median_low mode mul? multimode namedtuple numbers pi? pstdev pvariance quantiles random reduce repeat sin? sqrt stdev sumprod? sys tan? tau variance
string Formatter Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation whitespace
subprocess CalledProcessError CompletedProcess DEVNULL PIPE Popen STDOUT SubprocessError TimeoutExpired builtins call check_call check_output contextlib errno fcntl getoutput getstatusoutput io list2cmdline locale os run select selectors signal sys threading time types warnings
sys abiflags activate_stack_trampoline? addaudithook api_version argv audit base_exec_prefix base_prefix breakpointhook builtin_module_names byteorder call_tracing copyright deactivate_stack_trampoline? displayhook dont_write_bytecode exc_info excepthook exception exec_prefix executable exit flags float_info float_repr_style get_asyncgen_hooks get_coroutine_origin_tracking_depth get_int_max_str_digits getallocatedblocks getdefaultencoding getdlopenflags getfilesystemencodeerrors getfilesystemencoding getprofile getrecursionlimit getrefcount getsizeof getswitchinterval gettrace getunicodeinternedsize? hash_info hexversion implementation int_info intern is_finalizing is_remote_debug_enabled? is_stack_trampoline_active? maxsize maxunicode meta_path modules monitoring? orig_argv path path_hooks path_importer_cache platform platlibdir prefix pycache_prefix remote_exec? set_asyncgen_hooks set_coroutine_origin_tracking_depth set_int_max_str_digits setdlopenflags setprofile setrecursionlimit setswitchinterval settrace stderr stdin stdlib_module_names stdout thread_info unraisablehook version version_info warnoptions
tempfile NamedTemporaryFile SpooledTemporaryFile TMP_MAX TemporaryDirectory TemporaryFile gettempdir gettempdirb gettempprefix gettempprefixb mkdtemp mkstemp mktemp tempdir template
textwrap TextWrapper dedent fill indent re shorten wrap
time CLOCK_BOOTTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME CLOCK_TAI CLOCK_THREAD_CPUTIME_ID altzone asctime clock_getres clock_gettime clock_gettime_ns clock_settime clock_settime_ns ctime daylight get_clock_info gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns pthread_getcpuclockid sleep strftime strptime struct_time thread_time? thread_time_ns? time time_ns timezone tzname tzset?
tomllib TOMLDecodeError load loads
types AsyncGeneratorType BuiltinFunctionType BuiltinMethodType CapsuleType? CellType ClassMethodDescriptorType CodeType CoroutineType DynamicClassAttribute EllipsisType FrameType FunctionType GeneratorType GenericAlias GetSetDescriptorType LambdaType MappingProxyType MemberDescriptorType MethodDescriptorType MethodType MethodWrapperType ModuleType NoneType NotImplementedType SimpleNamespace TracebackType UnionType WrapperDescriptorType coroutine get_original_bases? new_class prepare_class resolve_bases
typing ABCMeta AbstractSet Annotated Any AnyStr AsyncContextManager? AsyncGenerator AsyncIterable AsyncIterator Awaitable BinaryIO ByteString CT_co Callable ChainMap ClassVar Collection Concatenate Container ContextManager? Coroutine Counter DefaultDict Deque Dict EXCLUDED_ATTRIBUTES Final ForwardRef? FrozenSet Generator Generic GenericAlias Hashable IO ItemsView Iterable Iterator KT KeysView List Literal LiteralString Mapping MappingView Match? MethodDescriptorType? MethodWrapperType? MutableMapping MutableSequence MutableSet NamedTuple NamedTupleMeta Never NewType NoDefault? NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs Pattern? Protocol ReadOnly? Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound T TYPE_CHECKING T_co T_contra Text TextIO Tuple Type TypeAlias TypeAliasType? TypeGuard TypeIs? TypeVar TypeVarTuple TypedDict Union Unpack VT VT_co V_co ValuesView WrapperDescriptorType? abstractmethod assert_never assert_type cast clear_overloads collections contextlib? copyreg? dataclass_transform defaultdict evaluate_forward_ref? final functools get_args get_origin get_overloads get_protocol_members? get_type_hints io? is_protocol? is_typeddict no_type_check no_type_check_decorator operator overload override? re? reveal_type runtime_checkable stdlib_re? sys types warnings?
urllib.parse DefragResult DefragResultBytes ParseResult ParseResultBytes ResultBase SplitResult SplitResultBytes clear_cache functools ipaddress math? namedtuple non_hierarchical parse_qs parse_qsl quote quote_from_bytes quote_plus re scheme_chars splitattr splithost splitnport splitpasswd splitport splitquery splittag splittype splituser splitvalue sys? to_bytes types unquote unquote_plus unquote_to_bytes unwrap urldefrag urlencode urljoin urlparse urlsplit urlunparse urlunsplit uses_fragment uses_netloc uses_params uses_query uses_relative warnings
uuid Enum MAX? NAMESPACE_DNS NAMESPACE_OID NAMESPACE_URL NAMESPACE_X500 NIL? RESERVED_FUTURE RESERVED_MICROSOFT RESERVED_NCS RFC_4122 SafeUUID UUID bytes_ getnode int_ main? os platform? sys time? uuid1 uuid3 uuid4 uuid5 uuid6? uuid7? uuid8?
warnings WarningMessage catch_warnings defaultaction deprecated? filters filterwarnings formatwarning onceregistry resetwarnings showwarning simplefilter sys warn warn_explicit
zoneinfo InvalidTZPathWarning TZPATH ZoneInfo ZoneInfoNotFoundError available_timezones reset_tzpath
`;

;// CONCATENATED MODULE: ./build/src/python/names/operators.gen.js
// Made by `npm run python-names` from CPython 3.11, 3.14: see scripts/python-names. Do not edit.
/** An operator and a type on its left a line, then the types on its right with which it may go well; the first line has all types tried. */
const OPERATORS = `
- - NoneType bool bytes complex dict ellipsis float frozenset int list range set str tuple
Add bool bool complex float int
Add bytes bytes
Add complex bool complex float int
Add float bool complex float int
Add int bool complex float int
Add list list
Add str str
Add tuple tuple
Sub bool bool complex float int
Sub complex bool complex float int
Sub float bool complex float int
Sub frozenset frozenset set
Sub int bool complex float int
Sub set frozenset set
Mult bool bool bytes complex float int list str tuple
Mult bytes bool int
Mult complex bool complex float int
Mult float bool complex float int
Mult int bool bytes complex float int list str tuple
Mult list bool int
Mult str bool int
Mult tuple bool int
Div bool bool complex float int
Div complex bool complex float int
Div float bool complex float int
Div int bool complex float int
FloorDiv bool bool float int
FloorDiv float bool float int
FloorDiv int bool float int
Mod bool bool float int
Mod bytes bytes dict list range tuple
Mod float bool float int
Mod int bool float int
Mod str NoneType bool bytes complex dict ellipsis float frozenset int list range set str tuple
Pow bool bool complex float int
Pow complex bool complex float int
Pow float bool complex float int
Pow int bool complex float int
LShift bool bool int
LShift int bool int
RShift bool bool int
RShift int bool int
BitOr bool bool int
BitOr dict dict
BitOr frozenset frozenset set
BitOr int bool int
BitOr set frozenset set
BitAnd bool bool int
BitAnd frozenset frozenset set
BitAnd int bool int
BitAnd set frozenset set
BitXor bool bool int
BitXor frozenset frozenset set
BitXor int bool int
BitXor set frozenset set
order bool bool float int
order bytes bytes
order float bool float int
order frozenset frozenset set
order int bool float int
order list list
order set frozenset set
order str str
order tuple tuple
item bytes bool int
item dict NoneType bool bytes complex ellipsis float frozenset int range str tuple
item list bool int
item range bool int
item str bool int
item tuple bool int
`;

;// CONCATENATED MODULE: ./build/src/python/names/types.gen.js
// Made by `npm run python-names` from CPython 3.11, 3.14: see scripts/python-names. Do not edit.
/** A type a line: its name, the nearest type above it that is here too, and its own names. `=`: no method; `?`: not in every Python. */
const TYPE_NAMES = `
object - __class__ __delattr__ __dir__ __doc__= __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__
type object __abstractmethods__= __annotate__=? __annotations__= __base__ __bases__= __basicsize__= __call__ __dict__= __dictoffset__= __flags__= __instancecheck__ __itemsize__= __module__= __mro__= __name__= __or__ __prepare__ __qualname__= __ror__ __subclasscheck__ __subclasses__ __text_signature__= __type_params__=? __weakrefoffset__= mro
NoneType object __bool__
bool int 
int object __abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ __mul__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ as_integer_ratio bit_count bit_length conjugate denominator= from_bytes imag= is_integer? numerator= real= to_bytes
float object __abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getformat__ __getnewargs__ __int__ __mod__ __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ as_integer_ratio conjugate from_number? fromhex hex imag= is_integer real=
complex object __abs__ __add__ __bool__ __complex__ __getnewargs__ __mul__ __neg__ __pos__ __pow__ __radd__ __rmul__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ conjugate from_number? imag= real=
str object __add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
bytes object __add__ __buffer__? __bytes__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
bytearray object __add__ __alloc__ __buffer__? __contains__ __delitem__ __getitem__ __hash__= __iadd__ __imul__ __iter__ __len__ __mod__ __mul__ __release_buffer__? __rmod__ __rmul__ __setitem__ append capitalize center clear copy count decode endswith expandtabs extend find fromhex hex index insert isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition pop remove removeprefix removesuffix replace resize? reverse rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
memoryview object __buffer__? __class_getitem__? __delitem__ __enter__ __exit__ __getitem__ __iter__ __len__ __release_buffer__? __setitem__ c_contiguous= cast contiguous= count? f_contiguous= format= hex index? itemsize= nbytes= ndim= obj= readonly= release shape= strides= suboffsets= tobytes tolist toreadonly
list object __add__ __class_getitem__ __contains__ __delitem__ __getitem__ __hash__= __iadd__ __imul__ __iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append clear copy count extend index insert pop remove reverse sort
tuple object __add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mul__ __rmul__ count index
range object __bool__ __contains__ __getitem__ __iter__ __len__ __reversed__ count index start= step= stop=
set object __and__ __class_getitem__ __contains__ __hash__= __iand__ __ior__ __isub__ __iter__ __ixor__ __len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset pop remove symmetric_difference symmetric_difference_update union update
frozenset object __and__ __class_getitem__ __contains__ __iter__ __len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ copy difference intersection isdisjoint issubset issuperset symmetric_difference union
dict object __class_getitem__ __contains__ __delitem__ __getitem__ __hash__= __ior__ __iter__ __len__ __or__ __reversed__ __ror__ __setitem__ clear copy fromkeys get items keys pop popitem setdefault update values
slice object __hash__=? indices start= step= stop=
dict_keys object __and__ __contains__ __hash__= __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ __rxor__ __sub__ __xor__ isdisjoint mapping=
dict_values object __iter__ __len__ __reversed__ mapping=
dict_items object __and__ __contains__ __hash__= __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ __rxor__ __sub__ __xor__ isdisjoint mapping=
map object __iter__ __next__ __setstate__?
filter object __iter__ __next__
zip object __iter__ __next__ __setstate__
enumerate object __class_getitem__ __iter__ __next__
reversed object __iter__ __length_hint__ __next__ __setstate__
generator object __class_getitem__? __del__ __iter__ __name__= __next__ __qualname__= close gi_code= gi_frame= gi_running= gi_suspended= gi_yieldfrom= send throw
list_iterator object __iter__ __length_hint__ __next__ __setstate__
function object __annotate__=? __annotations__= __builtins__= __call__ __closure__= __code__= __defaults__= __dict__= __get__ __globals__= __kwdefaults__= __module__= __name__= __qualname__= __type_params__=?
builtin_function_or_method object __call__ __module__= __name__= __qualname__= __self__= __text_signature__=
method object __call__ __func__= __get__? __self__=
module object __annotate__=? __annotations__= __dict__=
property object __delete__ __get__ __isabstractmethod__= __name__=? __set__ __set_name__ deleter fdel= fget= fset= getter setter
staticmethod object __annotate__=? __annotations__=? __call__ __class_getitem__? __dict__= __func__= __get__ __isabstractmethod__= __wrapped__=
classmethod object __annotate__=? __annotations__=? __class_getitem__? __dict__= __func__= __get__ __isabstractmethod__= __wrapped__=
super object __get__ __self__= __self_class__= __thisclass__=
ellipsis object 
NotImplementedType object __bool__
_Environ object __abstractmethods__= __annotate_func__=? __annotations_cache__=? __class_getitem__ __contains__ __delitem__ __dict__= __firstlineno__=? __getitem__ __hash__= __ior__ __iter__ __len__ __module__= __or__ __reversed__= __ror__ __setitem__ __slots__= __static_attributes__=? __weakref__= clear copy get items keys pop popitem setdefault update values
TextIOWrapper object __del__ __dict__= __enter__ __exit__ __iter__ __module__=? __next__ buffer= close closed= detach encoding= errors= fileno flush isatty line_buffering= name= newlines= read readable readline readlines reconfigure seek seekable tell truncate writable write write_through= writelines
PurePosixPath object __bytes__ __firstlineno__=? __fspath__ __module__= __rtruediv__ __slots__= __static_attributes__=? __truediv__ anchor= as_posix as_uri drive= full_match? is_absolute is_relative_to is_reserved joinpath match name= parent= parents= parser=? parts= relative_to root= stem= suffix= suffixes= with_name with_segments? with_stem with_suffix
PosixPath PurePosixPath __enter__? __exit__? absolute chmod copy? copy_into? cwd exists expanduser from_uri? glob group hardlink_to home info=? is_block_device is_char_device is_dir is_fifo is_file is_junction? is_mount is_socket is_symlink iterdir lchmod link_to? lstat mkdir move? move_into? open owner read_bytes read_text readlink rename replace resolve rglob rmdir samefile stat symlink_to touch unlink walk? write_bytes write_text
timedelta object __abs__ __add__ __bool__ __divmod__ __floordiv__ __mod__ __mul__ __neg__ __pos__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __rsub__ __rtruediv__ __sub__ __truediv__ days= max= microseconds= min= resolution= seconds= total_seconds
date object __add__ __radd__ __replace__? __rsub__ __sub__ ctime day= fromisocalendar fromisoformat fromordinal fromtimestamp isocalendar isoformat isoweekday max= min= month= replace resolution= strftime strptime? timetuple today toordinal weekday year=
datetime date astimezone combine date dst fold= hour= microsecond= minute= now second= strptime? time timestamp timetz tzinfo= tzname utcfromtimestamp utcnow utcoffset utctimetuple
time object __replace__? dst fold= fromisoformat hour= isoformat max= microsecond= min= minute= replace resolution= second= strftime strptime? tzinfo= tzname utcoffset
timezone object __getinitargs__ dst fromutc max= min= tzname utc= utcoffset
OrderedDict dict __dict__= __hash__= move_to_end
defaultdict dict __copy__ __hash__= __missing__ __module__=? default_factory=
deque object __add__ __class_getitem__ __contains__ __copy__ __delitem__ __getitem__ __hash__= __iadd__ __imul__ __iter__ __len__ __module__=? __mul__ __reversed__ __rmul__ __setitem__ append appendleft clear copy count extend extendleft index insert maxlen= pop popleft remove reverse rotate
Counter dict __add__ __and__ __dict__= __firstlineno__=? __hash__= __iadd__ __iand__ __isub__ __missing__ __module__= __neg__ __pos__ __static_attributes__=? __sub__ __weakref__= elements most_common subtract total
ChainMap object __abstractmethods__= __annotate_func__=? __annotations_cache__=? __bool__ __class_getitem__ __contains__ __copy__ __delitem__ __dict__= __firstlineno__=? __getitem__ __hash__= __ior__ __iter__ __len__ __missing__ __module__= __or__ __reversed__= __ror__ __setitem__ __slots__= __static_attributes__=? __weakref__= clear copy fromkeys get items keys new_child parents= pop popitem setdefault update values
partial object __call__ __class_getitem__ __dict__= __get__? __module__= __setstate__ __vectorcalloffset__= args= func= keywords=
Pattern object __class_getitem__ __copy__ __deepcopy__ __module__= findall finditer flags= fullmatch groupindex= groups= match pattern= scanner search split sub subn
Match object __class_getitem__ __copy__ __deepcopy__ __getitem__ __module__= end endpos= expand group groupdict groups lastgroup= lastindex= pos= re= regs= span start string=
ParseResult tuple __firstlineno__=? __match_args__= __module__= __replace__? __slots__= __static_attributes__=? encode fragment= geturl hostname= netloc= params= password= path= port= query= scheme= username=
SplitResult tuple __firstlineno__=? __match_args__= __module__= __replace__? __slots__= __static_attributes__=? encode fragment= geturl hostname= netloc= password= path= port= query= scheme= username=
Decimal object __abs__ __add__ __bool__ __ceil__ __complex__ __copy__ __deepcopy__ __divmod__ __float__ __floor__ __floordiv__ __int__ __mod__ __module__= __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ adjusted as_integer_ratio as_tuple canonical compare compare_signal compare_total compare_total_mag conjugate copy_abs copy_negate copy_sign exp fma from_float from_number? imag= is_canonical is_finite is_infinite is_nan is_normal is_qnan is_signed is_snan is_subnormal is_zero ln log10 logb logical_and logical_invert logical_or logical_xor max max_mag min min_mag next_minus next_plus next_toward normalize number_class quantize radix real= remainder_near rotate same_quantum scaleb shift sqrt to_eng_string to_integral to_integral_exact to_integral_value
Fraction object __abs__ __abstractmethods__= __add__ __bool__ __ceil__ __complex__ __copy__ __deepcopy__ __divmod__ __firstlineno__=? __float__ __floor__ __floordiv__ __int__ __mod__ __module__= __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __slots__= __static_attributes__=? __sub__ __truediv__ __trunc__ as_integer_ratio conjugate denominator= from_decimal from_float from_number? imag= is_integer? limit_denominator numerator= real=
UUID object __firstlineno__=? __int__ __module__= __setstate__ __slots__= __static_attributes__=? __weakref__= bytes= bytes_le= clock_seq= clock_seq_hi_variant= clock_seq_low= fields= hex= int= is_safe= node= time= time_hi_version= time_low= time_mid= urn= variant= version=
SimpleNamespace object __dict__= __hash__= __replace__?
Logger object __dict__= __firstlineno__=? __module__= __static_attributes__=? __weakref__= addFilter addHandler callHandlers critical debug error exception fatal filter findCaller getChild getChildren? getEffectiveLevel handle hasHandlers info isEnabledFor log makeRecord manager= removeFilter removeHandler root= setLevel warn warning
BaseException object __cause__= __context__= __dict__= __setstate__ __suppress_context__= __traceback__= add_note args= with_traceback
BaseExceptionGroup BaseException __class_getitem__ derive exceptions= message= split subgroup
Exception BaseException 
GeneratorExit BaseException 
KeyboardInterrupt BaseException 
SystemExit BaseException code=
ArithmeticError Exception 
AssertionError Exception 
AttributeError Exception name= obj=
BufferError Exception 
EOFError Exception 
ImportError Exception msg= name= name_from=? path=
LookupError Exception 
MemoryError Exception 
NameError Exception name=
OSError Exception characters_written= errno= filename2= filename= strerror=
ReferenceError Exception 
RuntimeError Exception 
StopAsyncIteration Exception 
StopIteration Exception value=
SyntaxError Exception end_lineno= end_offset= filename= lineno= msg= offset= print_file_and_line= text=
SystemError Exception 
TypeError Exception 
ValueError Exception 
Warning Exception 
FloatingPointError ArithmeticError 
OverflowError ArithmeticError 
ZeroDivisionError ArithmeticError 
BytesWarning Warning 
DeprecationWarning Warning 
EncodingWarning Warning 
FutureWarning Warning 
ImportWarning Warning 
PendingDeprecationWarning Warning 
ResourceWarning Warning 
RuntimeWarning Warning 
SyntaxWarning Warning 
UnicodeWarning Warning 
UserWarning Warning 
BlockingIOError OSError 
ChildProcessError OSError 
ConnectionError OSError 
FileExistsError OSError 
FileNotFoundError OSError 
InterruptedError OSError 
IsADirectoryError OSError 
NotADirectoryError OSError 
PermissionError OSError 
ProcessLookupError OSError 
TimeoutError OSError 
IndentationError SyntaxError 
IndexError LookupError 
KeyError LookupError 
ModuleNotFoundError ImportError 
NotImplementedError RuntimeError 
RecursionError RuntimeError 
UnboundLocalError NameError 
UnicodeError ValueError 
BrokenPipeError ConnectionError 
ConnectionAbortedError ConnectionError 
ConnectionRefusedError ConnectionError 
ConnectionResetError ConnectionError 
TabError IndentationError 
UnicodeDecodeError UnicodeError encoding= end= object= reason= start=
UnicodeEncodeError UnicodeError encoding= end= object= reason= start=
UnicodeTranslateError UnicodeError encoding= end= object= reason= start=
ExceptionGroup BaseExceptionGroup __module__= __weakref__=
_IncompleteInputError SyntaxError 
PythonFinalizationError RuntimeError 
`;

;// CONCATENATED MODULE: ./build/src/python/names/index.js



const rows = (text) => text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "));
const once = (make) => {
    let made;
    return () => {
        made ??= make();
        return made;
    };
};
const types = once(() => new Map(rows(TYPE_NAMES).map(([name = "", base = "-", ...names]) => [
    name,
    {
        base,
        own: new Map(names.map((n) => [
            n.replace(/[=?]+$/, ""),
            { has: /=/.test(n) ? "data" : "method", always: !n.endsWith("?") },
        ])),
    },
])));
const modules = once(() => new Map(rows(MODULE_NAMES).map(([name = "", ...names]) => [
    name,
    new Set(names.map((n) => n.replace("?", ""))),
])));
const operators = once(() => {
    const [first = [], ...lines] = rows(OPERATORS);
    const accepted = new Map(lines.map(([op = "", left = "", ...rights]) => [`${op} ${left}`, new Set(rights)]));
    return { tried: new Set(first.slice(2)), accepted };
});
/** Is the type in the table? Only of such a one anything can be called absent. */
const isTabled = (type) => types().has(type);
/** An attribute of a type in the table; null when no Python that was asked has it. */
function typeAttribute(type, name) {
    for (let at = types().get(type); at; at = types().get(at.base)) {
        const found = at.own.get(name);
        if (found)
            return found;
    }
    return null;
}
/** Is a type of the table another one, or below it? */
function isKindOf(type, other) {
    for (let name = type; name !== "-"; name = types().get(name)?.base ?? "-")
        if (name === other)
            return true;
    return false;
}
/** Every attribute of a type, those of the types above it included. */
function typeAttributes(type) {
    const found = new Set();
    for (let at = types().get(type); at; at = types().get(at.base))
        for (const name of at.own.keys())
            found.add(name);
    return [...found];
}
const tabledTypes = () => [...types().keys()];
const tabledModules = () => [...modules().keys()];
/** Public names of a module of Python's own; null for a module that is not in the table. */
const moduleNames = (name) => modules().get(name) ?? null;
/** Does the operator raise TypeError for every pair of values of these types? False too when nobody tried. */
function isRefused(op, left, right) {
    const { tried, accepted } = operators();
    if (!tried.has(left) || !tried.has(right))
        return false;
    return !accepted.get(`${op} ${left}`)?.has(right);
}

;// CONCATENATED MODULE: ./build/src/python/logic/work.js
/** Thrown when an evaluation has worked for longer than is worth it, on its diagrams or on large values. */
class OutOfWork extends Error {
}
const MAX_WORK = 500_000;
let work = 0;
function spend(amount = 1) {
    work += amount;
    if (work > MAX_WORK)
        throw new OutOfWork();
}
const workDone = () => work;
/** The whole budget anew: for another evaluation, or for those who ask about its result. */
function renewWork() {
    work = 0;
}

;// CONCATENATED MODULE: ./build/src/python/logic/unique.js

/**
 * Every value has a number, and values that are interchangeable have the same: constants, tuples of such, and choices
 * between such. So equal diagrams are one object, and are compared by number.
 */
let objects = new WeakMap();
let constants = new Map();
let choices = new Map();
let last = 0;
/** Forgets what earlier evaluations have numbered, and starts the budget anew. */
function startWork() {
    objects = new WeakMap();
    constants = new Map();
    choices = new Map();
    renewWork();
}
function idOf(v) {
    if (v.t === "choice")
        return v.id;
    let id = objects.get(v);
    if (id !== undefined)
        return id;
    const key = constantKey(v);
    id = key === null ? undefined : constants.get(key);
    if (id === undefined) {
        id = ++last;
        if (key !== null)
            constants.set(key, id);
    }
    objects.set(v, id);
    return id;
}
function constantKey(v) {
    switch (v.t) {
        case "str":
        case "bytes":
        case "path":
            return `${v.t}:${v.v}`;
        case "bool":
            return v.v ? "T" : "F";
        case "num":
            return `${v.float ? "f" : "i"}:${Object.is(v.v, -0) ? "-0" : v.v}`;
        case "none":
        case "missing":
        case "ellipsis":
            return v.t;
        case "unknown":
            return `?${v.id}${v.splat ? "*" : ""}`;
        case "tuple":
            // A list that grows in a long loop is numbered anew at each step.
            spend(v.items.length >> 4);
            return `(${v.items.map(idOf).join(",")})`;
        case "place":
            return `@${v.file}:${v.line}:${v.column}`;
        default:
            return null;
    }
}
const same = (a, b) => a === b || idOf(a) === idOf(b);
/** A choice in its shortest form: equal branches joined, none left when they are all equal. */
function choice(at, edges) {
    const joined = [];
    const ids = [];
    for (const { mask, to } of edges) {
        if (mask === 0)
            continue;
        const id = idOf(to);
        const twin = ids.indexOf(id);
        if (twin >= 0)
            joined[twin].mask |= mask;
        else {
            joined.push({ mask, to });
            ids.push(id);
        }
    }
    if (joined.length === 1)
        return joined[0].to;
    joined.sort((a, b) => (a.mask & -a.mask) - (b.mask & -b.mask));
    return known(at, joined);
}
/** The choice with these edges, made once. Found by a number, which is several times faster than by a text. */
function known(at, edges) {
    let hash = at;
    for (const { mask, to } of edges)
        hash = (Math.imul(Math.imul(hash, 31) + mask, 31) + idOf(to)) | 0;
    const row = choices.get(hash);
    const before = row?.find((c) => c.at === at && equalEdges(c.edges, edges));
    if (before)
        return before;
    const made = { t: "choice", id: ++last, at, edges };
    if (row)
        row.push(made);
    else
        choices.set(hash, [made]);
    return made;
}
const equalEdges = (a, b) => a.length === b.length && a.every(({ mask, to }, i) => mask === b[i]?.mask && same(to, b[i].to));

;// CONCATENATED MODULE: ./build/src/python/logic/values.js

const NONE = { t: "none" };
const TRUE = { t: "bool", v: true };
const FALSE = { t: "bool", v: false };
const MISSING = { t: "missing" };
const ELLIPSIS = { t: "ellipsis" };
let ids = 0;
const nextId = () => ++ids;
/** A text or bytes: what is very large costs as much as many small steps. */
function textOrBytes(t, v) {
    spend(v.length >> 4);
    return { t, v };
}
const str = (v) => textOrBytes("str", v);
const num = (v, float = false) => ({ t: "num", v, float });
const bool = (v) => (v ? TRUE : FALSE);
function tuple(items) {
    spend(items.length >> 5);
    return { t: "tuple", items };
}
const list = (items, born = TRUE) => ({
    t: "list",
    content: tuple(items),
    born,
    id: nextId(),
});
const scope = (born = TRUE, places = false) => ({
    slots: new Map(),
    born,
    places: places ? new Map() : null,
});
const values_dict = (born = TRUE) => ({
    t: "dict",
    scope: scope(born),
    open: null,
    id: nextId(),
});
/** A namespace seen as a dict, which anything may be in as soon as something unknown may have set its names. */
const namespaceDict = (of, id = 0) => ({
    t: "dict",
    scope: of,
    get open() {
        const open = of.slots.get("\0open");
        return open?.t === "unknown" ? open : null;
    },
    set open(u) {
        if (u)
            of.slots.set("\0open", u);
    },
    id,
});
const unknown = (reason, facts = {}) => ({
    t: "unknown",
    id: nextId(),
    reason,
    ...facts,
});
const values_native = (name, call) => ({ t: "native", name, call });
/** The items of a list's content; one that is not known stands for any number of them. */
function itemsIn(content) {
    if (content?.t === "tuple")
        return content.items;
    return content?.t === "unknown" ? [{ ...content, splat: true }] : [];
}
/** Python's name for the type. */
function typeName(o) {
    switch (o.t) {
        case "none":
            return "NoneType";
        case "num":
            return o.float ? "float" : "int";
        case "func":
            return "function";
        case "native":
            return "builtin_function_or_method";
        case "bound":
            return "method";
        case "tuple":
        case "list":
        case "set":
        case "dict":
            return o.kind ?? o.t;
        case "class":
            return "type";
        case "instance":
            return o.cls.name;
        case "path":
            return "PosixPath";
        case "unknown":
            return o.type ?? "unknown";
        default:
            return o.t;
    }
}
/** What runs the text of a module, from its first statement on. */
const topFrame = (module, lines, file) => ({
    scope: module.scope,
    module,
    parent: null,
    outer: new Map(),
    isClass: false,
    cls: null,
    lines,
    file,
    done: FALSE,
    result: NONE,
    yields: null,
    self: null,
});

;// CONCATENATED MODULE: ./build/src/python/logic/decide.js



/**
 * Decision diagrams over the variables of a machine, in ascending order of variable. A condition is a diagram whose
 * leaves are True and False. Worlds that a diagram leaves out cannot happen, so nothing is said about them.
 */
const FULL = 0x7fffffff;
/** Thrown when a value would need more combinations than are worth telling apart. */
class TooManyWorlds extends Error {
}
/** Applies a function to every combination of leaves that can happen together. */
function combine(values, leaf) {
    const known = new Map();
    let left = 4000;
    const walk = (parts) => {
        spend();
        let at = Number.POSITIVE_INFINITY;
        for (const v of parts)
            if (v.t === "choice" && v.at < at)
                at = v.at;
        if (at === Number.POSITIVE_INFINITY) {
            if (left-- <= 0)
                throw new TooManyWorlds();
            return leaf(parts);
        }
        const key = parts.map(idOf).join(",");
        const before = known.get(key);
        if (before)
            return before;
        const edges = split(parts, at).map(({ mask, picked }) => ({ mask, to: walk(picked) }));
        const made = edges.length === 0 ? parts[0] : order(at, edges);
        known.set(key, made);
        return made;
    };
    return walk(values);
}
/** The parts of the values for each set of values of variable `at` that none of them tells apart. */
function split(values, at) {
    let parts = [{ mask: FULL, picked: [] }];
    for (const v of values) {
        if (v.t !== "choice" || v.at !== at) {
            for (const p of parts)
                p.picked.push(v);
            continue;
        }
        const next = [];
        for (const p of parts)
            for (const e of v.edges)
                if (p.mask & e.mask)
                    next.push({ mask: p.mask & e.mask, picked: [...p.picked, e.to] });
        parts = next;
    }
    return parts;
}
/** Leaf functions may give choices of their own, on any variable: put them where they belong. */
function order(at, edges) {
    if (edges.every((e) => e.to.t !== "choice" || e.to.at > at))
        return choice(at, edges);
    let result = null;
    for (const e of edges)
        result = result === null ? e.to : ite(only(at, e.mask), e.to, result);
    return result;
}
/** The condition that variable `at` has one of the values in `mask`. */
function only(at, mask) {
    return choice(at, [
        { mask, to: TRUE },
        { mask: FULL & ~mask, to: FALSE },
    ]);
}
const isTrue = (v) => v.t === "bool" && v.v;
const isFalse = (v) => v.t === "bool" && !v.v;
/** `a` where the condition holds, `b` elsewhere. */
function ite(c, a, b, memo = new Map()) {
    if (isTrue(c))
        return a;
    if (isFalse(c))
        return b;
    if (same(a, b))
        return a;
    spend();
    const key = `${idOf(c)},${idOf(a)},${idOf(b)}`;
    const before = memo.get(key);
    if (before)
        return before;
    const top = Math.min(level(c), level(a), level(b));
    const edges = [];
    // Where the condition leaves a world out, or a branch does in its own worlds, the world cannot happen.
    for (const ce of edgesAt(c, top)) {
        if (isTrue(ce.to))
            for (const e of edgesAt(a, top))
                edges.push({ mask: ce.mask & e.mask, to: e.to });
        else if (isFalse(ce.to))
            for (const e of edgesAt(b, top))
                edges.push({ mask: ce.mask & e.mask, to: e.to });
        else
            for (const ea of cover(edgesAt(a, top), ce.mask))
                for (const eb of cover(edgesAt(b, top), ea.mask)) {
                    if (ea.to === null && eb.to === null)
                        continue;
                    if (ea.to === null)
                        edges.push({ mask: eb.mask, to: restrict(eb.to, not(ce.to)) });
                    else if (eb.to === null)
                        edges.push({ mask: eb.mask, to: restrict(ea.to, ce.to) });
                    else
                        edges.push({ mask: eb.mask, to: ite(ce.to, ea.to, eb.to, memo) });
                }
    }
    const made = choice(top, edges);
    memo.set(key, made);
    return made;
}
const level = (v) => (v.t === "choice" ? v.at : Number.POSITIVE_INFINITY);
function edgesAt(v, at) {
    return v.t === "choice" && v.at === at ? v.edges : [{ mask: FULL, to: v }];
}
/** The edges within `mask`, and one to null for what they leave out. */
function cover(edges, mask) {
    const out = [];
    let left = mask;
    for (const e of edges) {
        if (!(e.mask & mask))
            continue;
        out.push({ mask: e.mask & mask, to: e.to });
        left &= ~e.mask;
    }
    if (left)
        out.push({ mask: left, to: null });
    return out;
}
function not(c) {
    return toCondition(c, (o) => !(o.t === "bool" && o.v));
}
function and(a, b) {
    if (isTrue(a))
        return b;
    if (isTrue(b))
        return a;
    if (isFalse(a) || isFalse(b))
        return FALSE;
    return a === b ? a : ite(a, b, FALSE);
}
function or(a, b) {
    if (isFalse(a))
        return b;
    if (isFalse(b))
        return a;
    if (isTrue(a) || isTrue(b))
        return TRUE;
    return a === b ? a : ite(a, TRUE, b);
}
/** The value with everything left out that can only be where the condition is false. */
function restrict(v, c, memo = new Map()) {
    if (v.t !== "choice" || c.t !== "choice")
        return v;
    spend();
    const key = `${v.id},${c.id}`;
    const before = memo.get(key);
    if (before)
        return before;
    let made;
    if (c.at < v.at)
        made = restrict(v, forget(c), memo);
    else {
        const edges = [];
        for (const ve of v.edges)
            for (const ce of edgesAt(c, v.at)) {
                const mask = ve.mask & ce.mask;
                if (mask && !isFalse(ce.to))
                    edges.push({ mask, to: restrict(ve.to, ce.to, memo) });
            }
        made = edges.length === 0 ? v : choice(v.at, edges);
    }
    memo.set(key, made);
    return made;
}
/** The value without the edges that `allowed` rules out for their variable alone. */
function prune(v, allowed) {
    if (v.t !== "choice" || allowed.size === 0)
        return v;
    const known = new Map();
    const walk = (x) => {
        if (x.t !== "choice")
            return x;
        const before = known.get(x.id);
        if (before)
            return before;
        spend();
        const mask = allowed.get(x.at) ?? FULL;
        const edges = x.edges.flatMap((e) => (e.mask & mask ? [{ mask: e.mask & mask, to: walk(e.to) }] : []));
        const made = edges.length === 0 ? x : choice(x.at, edges);
        known.set(x.id, made);
        return made;
    };
    return walk(v);
}
/** The only variable a condition is about, with the values for which it holds; null when it is about more. */
function single(c) {
    if (c.t !== "choice" || c.edges.some((e) => e.to.t === "choice"))
        return null;
    return { at: c.at, mask: c.edges.reduce((mask, e) => (isTrue(e.to) ? mask | e.mask : mask), 0) };
}
/** The condition that holds where the given one does for some value of its first variable. */
function forget(c) {
    let out = FALSE;
    for (const e of c.edges)
        out = either(out, e.to);
    return out;
}
/** The condition that holds where the given one does for some values of the variables that are `gone`. */
function without(c, gone) {
    const known = new Map();
    const walk = (x) => {
        if (x.t !== "choice")
            return x;
        const before = known.get(x.id);
        if (before)
            return before;
        spend();
        const edges = x.edges.map((e) => ({ mask: e.mask, to: walk(e.to) }));
        const made = gone(x.at) ? edges.reduce((any, e) => either(any, e.to), FALSE) : choice(x.at, edges);
        known.set(x.id, made);
        return made;
    };
    return walk(c);
}
/**
 * As `or`, of conditions that speak of different worlds: one that the first leaves out cannot happen there, and may
 * where the second holds. `or` would be free to say that it holds there.
 */
function either(a, b, memo = new Map()) {
    if (isFalse(a) || isTrue(b))
        return b;
    if (isFalse(b) || isTrue(a) || a === b)
        return a;
    spend();
    const key = `${idOf(a)},${idOf(b)}`;
    const before = memo.get(key);
    if (before)
        return before;
    const top = Math.min(level(a), level(b));
    const edges = [];
    for (const ea of cover(edgesAt(a, top), FULL))
        for (const eb of cover(edgesAt(b, top), ea.mask)) {
            const to = ea.to && eb.to ? either(ea.to, eb.to, memo) : (ea.to ?? eb.to);
            if (to)
                edges.push({ mask: eb.mask, to });
        }
    const made = choice(top, edges);
    memo.set(key, made);
    return made;
}
const possible = (c) => !isFalse(c);
const always = isTrue;
/** Every choice and leaf of a diagram, each once. */
function visit(v, seen, leaf, node) {
    const id = idOf(v);
    if (seen.has(id))
        return;
    spend();
    seen.add(id);
    if (v.t !== "choice") {
        leaf(v);
        return;
    }
    node(v);
    for (const e of v.edges)
        visit(e.to, seen, leaf, node);
}
function leaves(v) {
    if (v.t !== "choice")
        return [v];
    const found = [];
    visit(v, new Set(), (o) => found.push(o), () => undefined);
    return found;
}
/** How many choices and leaves a diagram has. */
function sizeOf(v) {
    const seen = new Set();
    const nothing = () => undefined;
    visit(v, seen, nothing, nothing);
    return seen.size;
}
/** Each leaf with the condition under which it is the one. */
function cases(v) {
    if (v.t !== "choice")
        return [{ leaf: v, when: TRUE }];
    return leaves(v).map((leaf) => ({ leaf, when: toCondition(v, (o) => same(o, leaf)) }));
}
/** The value with each leaf made into another, which may be a choice. */
const mapped = (v, leaf) => rebuilt(v, leaf, order);
/** Maps leaves to True and False. */
const toCondition = (v, test) => rebuilt(v, (o) => (test(o) ? TRUE : FALSE), choice);
/** Makes the leaves anew, each once, and puts them together by `join` as they stood. */
function rebuilt(v, leaf, join) {
    const known = new Map();
    const walk = (x) => {
        if (x.t !== "choice")
            return leaf(x);
        const before = known.get(x.id);
        if (before)
            return before;
        spend();
        const made = join(x.at, x.edges.map((e) => ({ mask: e.mask, to: walk(e.to) })));
        known.set(x.id, made);
        return made;
    };
    return walk(v);
}
const supports = new WeakMap();
const NOTHING = new Set();
/** The variables a value depends on. */
function support(v) {
    if (v.t !== "choice")
        return NOTHING;
    let found = supports.get(v);
    if (!found) {
        const all = new Set([v.at]);
        for (const e of v.edges)
            for (const at of support(e.to))
                all.add(at);
        found = all;
        supports.set(v, found);
    }
    return found;
}


;// CONCATENATED MODULE: ./build/src/python/logic/facts.js

/** A fresh fact. Its variable comes after all others, so it must be asked for once and kept. */
function fact(m, reason, from = new Set()) {
    m.variables.push({ kind: "fact", reason, from });
    return only(m.variables.length - 1, 1);
}
const factsOf = new WeakMap();
/** The same question about the same unknown has the same answer. */
function factAbout(m, u, question) {
    const known = factsOf.get(u) ?? new Map();
    factsOf.set(u, known);
    let answer = known.get(question);
    if (!answer) {
        answer = fact(m, u.reason, u.from ?? new Set());
        known.set(question, answer);
    }
    return answer;
}
/** A condition that was too much to tell apart becomes a question of its own. */
function asCondition(m, v) {
    if (v.t === "bool")
        return v;
    if (v.t === "unknown")
        return factAbout(m, v, "holds");
    if (!leaves(v).some((o) => o.t === "unknown"))
        return v;
    return combine([v], ([o]) => (o?.t === "unknown" ? factAbout(m, o, "holds") : o));
}

;// CONCATENATED MODULE: ./build/src/python/logic/outcomes.js

/** A Python exception on its way through natives; becomes a Raised leaf. */
class PyRaise extends Error {
    error;
    constructor(error) {
        super("raised");
        this.error = error;
    }
}
/** What Python does here is not modelled: a value that is not known, or an exception that is not. */
class NotModelled extends Error {
    as;
    constructor(as) {
        super("not modelled");
        this.as = as;
    }
}
/** The third outcome beside a value and an exception: Python goes on in some way that nobody models here. */
function gap(reason, facts = {}) {
    throw new NotModelled(unknown(reason, facts));
}
function makeError(m, cls, message) {
    const found = m.exceptions.get(cls) ?? m.exceptions.get("Exception");
    return { t: "instance", cls: found, scope: scope(), id: 0, message: str(message), ours: true };
}
/** Raises a built-in exception for the leaves in hand. */
function raise(m, cls, message) {
    throw new PyRaise(makeError(m, cls, message));
}
/** Raises what CPython certainly raises here: `proof` is from proofs.ts; without one the operation is not modelled. */
function raiseProven(m, proof, cls, message) {
    if (!proof)
        return gap(message);
    throw new PyRaise(makeError(m, cls, message));
}
/** An exception of which nothing is known, not even its class. */
function unknownError(what) {
    const cls = { t: "class", name: "Exception", bases: [], unknownBase: what, scope: scope() };
    return { t: "instance", cls, scope: scope(), id: 0, message: unknown(what.reason, { type: "str" }) };
}
const isUnknownError = (error) => error.cls.unknownBase !== null && error.cls.bases.length === 0 && error.cls.name === "Exception";

;// CONCATENATED MODULE: ./build/src/python/logic/worlds.js




/** What the value can be in the worlds that are being executed. */
function narrow(m, v) {
    if (v.t !== "choice")
        return v;
    return restrict(living(m, v), m.pc);
}
/** A value without the worlds in which the settings have failed. */
function living(m, v) {
    let out = prune(v, m.allowed);
    for (const { about, when } of m.survivors) {
        if (out.t !== "choice")
            return out;
        for (const at of support(out))
            if (about.has(at)) {
                out = restrict(out, when);
                break;
            }
    }
    return out;
}
/** The worlds of `when` have failed for good. */
function die(m, when) {
    const one = single(when);
    if (one) {
        const left = (m.allowed.get(one.at) ?? 0x7fffffff) & ~one.mask;
        m.allowed.set(one.at, left);
        if (left === 0)
            m.dead = true;
        // Else what is known of several variables speaks of values that are ruled out, and conditions stop cancelling out.
        for (const s of m.survivors)
            if (s.about.has(one.at))
                s.when = prune(s.when, m.allowed);
        return;
    }
    let left = prune(not(when), m.allowed);
    const about = new Set(support(left));
    const apart = [];
    for (const s of m.survivors) {
        if (![...s.about].some((at) => about.has(at)))
            apart.push(s);
        else {
            left = and(left, s.when);
            for (const at of s.about)
                about.add(at);
        }
    }
    if (!possible(left))
        m.dead = true;
    m.survivors = [...apart, { about, when: left }];
}
/**
 * The condition of not having failed, as far as it is about the given variables. That of all variables would be a
 * product of conditions that have nothing to do with each other.
 */
function aliveAbout(m, variables) {
    if (m.dead)
        return FALSE;
    let all = TRUE;
    const asked = new Set(variables);
    for (const { about, when } of m.survivors)
        if ([...about].some((at) => variables.has(at))) {
            all = and(all, when);
            for (const at of about)
                asked.add(at);
        }
    for (const [at, mask] of m.allowed)
        if (asked.has(at))
            all = and(all, only(at, mask));
    return all;
}
/** Raises in the worlds of `when`: to the nearest handler, or the end of these worlds. */
function raiseWhere(m, when, error) {
    const all = and(m.pc, when);
    // The path condition says nothing about worlds that have failed before: they do not fail again.
    const hit = all.t === "choice" ? and(all, aliveAbout(m, support(all))) : all;
    if (!possible(hit))
        return;
    const handler = m.handlers.at(-1);
    if (handler)
        handler.caught.push({ when: hit, error });
    else if (isUnknownError(error))
        die(m, hit);
    else {
        m.deaths.push({ plain: m.depth === 0 && m.raising, when: hit, error, place: m.here });
        die(m, hit);
    }
    m.pc = and(m.pc, not(when));
    if (!handler)
        m.pc = simplified(m, m.pc);
}
/** A condition without the distinctions that only matter to worlds that have failed. */
function simplified(m, c) {
    if (c.t !== "choice")
        return m.dead ? FALSE : c;
    return m.dead ? FALSE : living(m, c);
}
const MAX_PATH = 24;
/**
 * The path condition, where it hangs on many facts that nobody knows: whether one comes here is then a fact of its own.
 * It holds in worlds enough, but those where it does not hold are left out by every branch: only for what is forgotten
 * there, and for bodies at the end of which the worlds that came in go on (loops.ts).
 */
function widened(m, most = MAX_PATH) {
    const { pc } = m;
    if (pc.t !== "choice" || sizeOf(pc) <= most)
        return pc;
    const isFact = (at) => m.variables[at]?.kind === "fact";
    const hidden = m.variables[[...support(pc)].find(isFact) ?? -1];
    return hidden?.kind === "fact" ? and(without(pc, isFact), fact(m, hidden.reason)) : pc;
}
/** The path condition as seen from inside the worlds where something was made. */
function relative(m, born) {
    if (m.pc === born)
        return TRUE;
    const seen = simplified(m, restrict(m.pc, born));
    return same(seen, simplified(m, born)) ? TRUE : seen;
}

;// CONCATENATED MODULE: ./build/src/python/logic/absent-names.js




/**
 * A name that no CPython of our tables has in a module of the standard library: another one may have it. Whoever has a
 * handler around expects that it may not be there, and both ways are followed.
 */
function mayBeAbsent(m, module, name, cls) {
    const names = moduleNames(module.name);
    if (!names || names.has(name) || m.handlers.length === 0 || m.nested > 0)
        return;
    const reason = `whether ${module.name} of the host's Python has ${name}`;
    raiseWhere(m, fact(m, reason), makeError(m, cls, `no ${name} in ${module.name}`));
}

;// CONCATENATED MODULE: ./build/src/python/logic/condensed.js



/**
 * A choice between many sequences as one: flags that each add an element make as many sequences as there are
 * combinations, but only one element each. Elements that are not always there become a splat that says which they
 * are, so that who does not ask sees something unknown. Null where the sequences have no common order.
 */
function condensed(v) {
    const known = new Map();
    for (const { leaf, when } of cases(v)) {
        if (leaf.t !== "tuple")
            return null;
        const times = new Map();
        let last = null;
        for (const own of flat(leaf.items, when)) {
            if (!own)
                return null;
            const id = idOf(own.item);
            const nth = times.get(id) ?? 0;
            times.set(id, nth + 1);
            const key = `${id}#${nth}`;
            const one = known.get(key) ?? { ...own, before: new Set() };
            one.when = known.has(key) ? or(one.when, own.when) : own.when;
            if (last !== null)
                one.before.add(last);
            known.set(key, one);
            last = key;
        }
    }
    const all = ordered(known);
    return all && tuple(grouped(all, support(v)));
}
/** What is looped over: of many sequences, each element once and not once for each of them. */
function compact(v) {
    return v.t === "choice" && leaves(v).length > 8 ? (condensed(v) ?? v) : v;
}
/** Elements so that each comes after those that it follows somewhere; null where they go round in a circle. */
function ordered(known) {
    const out = [];
    const left = new Map(known);
    while (left.size > 0) {
        const next = [...left].find(([, one]) => [...one.before].every((key) => !left.has(key)));
        if (!next)
            return null;
        left.delete(next[0]);
        out.push({ item: next[1].item, when: next[1].when });
    }
    return out;
}
/** Elements with what is said of them; null stands for any number of elements that nobody knows. */
function flat(items, when) {
    return items.flatMap((item) => {
        if (item.t !== "unknown" || !item.splat)
            return [{ item, when }];
        return item.among?.map((one) => ({ item: one.item, when: and(when, one.when) })) ?? [null];
    });
}
function grouped(all, from) {
    const out = [];
    let run = [];
    const end = () => {
        if (run.length > 0)
            out.push(splatOf(run, from));
        run = [];
    };
    for (const one of all) {
        if (!always(one.when))
            run.push(one);
        else {
            end();
            out.push(one.item);
        }
    }
    end();
    return out;
}
function splatOf(among, from) {
    return unknown("elements that depend on several variables", { splat: true, among, from });
}
/** The elements that an item of a sequence stands for, as far as they are known; null where they are not. */
function elementsOf(item) {
    return item.t === "unknown" && item.splat ? (item.among ?? null) : null;
}

;// CONCATENATED MODULE: ./build/src/python/logic/bounded.js



const MAX_LEAVES = 80;
const MAX_SEQUENCES = 16;
/** A value with too many cases becomes one that is not known, but of which we know the variables it comes from. */
function bounded(v) {
    if (v.t !== "choice")
        return v;
    const all = leaves(v);
    const few = all.length <= MAX_LEAVES && sizeOf(v) <= MAX_LEAVES * 6;
    if (few && all.length <= MAX_SEQUENCES)
        return v;
    const one = all.every((o) => o.t === "tuple") ? condensed(v) : null;
    return one ?? (few ? v : tooMany([v]));
}
function tooMany(values) {
    const from = new Set();
    const types = new Set();
    for (const v of values) {
        for (const at of support(v))
            from.add(at);
        for (const leaf of leaves(v)) {
            types.add(leaf.t);
            if (leaf.t === "unknown")
                for (const x of leaf.from ?? [])
                    from.add(x);
        }
    }
    const type = types.size === 1 && types.has("str") ? { type: "str" } : {};
    return unknown("it is put together from several variables", { from, ...type });
}

;// CONCATENATED MODULE: ./build/src/python/logic/steps.js
const MAX_STEPS = 400_000;
/** How deep functions of the project call each other. */
const MAX_DEPTH = 60;
/** Evaluation has gone on for too long; everything not decided by then is unknown. */
class OutOfSteps extends Error {
}
/** Counts a statement, an expression or a round of a loop; throws OutOfSteps. */
function step(m) {
    if (++m.steps > MAX_STEPS)
        throw new OutOfSteps();
}

;// CONCATENATED MODULE: ./build/src/python/logic/apply.js








/** Each splits the worlds in two; what goes on like that, in a loop, is not followed. */
const MAX_DOUBTS = 100;
/** Applies a function without side effects to every combination of leaves; PyRaise ends those worlds. */
function pure(m, values, fn) {
    if (!possible(m.pc))
        return unknown("never executed");
    const narrowed = values.map((v) => narrow(m, v));
    let raised = false;
    const leaf = (found) => {
        const before = found.find((o) => o.t === "raised" || o.t === "notFollowed");
        if (before) {
            raised = true;
            return before;
        }
        m.nested++;
        try {
            const made = fn(found);
            raised ||= made.t === "raised" || made.t === "notFollowed" || made.t === "choice";
            return made;
        }
        catch (e) {
            raised = true;
            if (e instanceof PyRaise)
                return { t: "raised", error: e.error };
            if (e instanceof NotModelled)
                return { t: "notFollowed", as: e.as };
            throw e;
        }
        finally {
            m.nested--;
        }
    };
    let result;
    if (narrowed.every((v) => v.t !== "choice")) {
        const only = leaf(narrowed);
        return raised ? bounded(settle(m, only)) : only;
    }
    try {
        result = combine(narrowed, leaf);
    }
    catch (e) {
        if (!(e instanceof TooManyWorlds))
            throw e;
        const lost = tooMany(narrowed);
        if (m.nested === 0)
            mayRaise(m, TRUE, lost);
        return lost;
    }
    return bounded(raised ? settle(m, result) : result);
}
/** Takes raised leaves out of a result and raises them; what is not followed becomes unknown. */
function settle(m, result) {
    if (m.nested > 0) {
        // The worlds are those of the leaves at hand, which only the outer call knows.
        if (result.t === "raised")
            throw new PyRaise(result.error);
        if (result.t === "notFollowed")
            throw new NotModelled(result.as);
        return result;
    }
    const errors = [];
    const lost = [];
    for (const leaf of leaves(result)) {
        if (leaf.t === "raised" && !errors.includes(leaf.error))
            errors.push(leaf.error);
        if (leaf.t === "notFollowed")
            lost.push(leaf.as);
    }
    if (errors.length === 0 && lost.length === 0)
        return result;
    const fine = toCondition(result, (leaf) => leaf.t !== "raised");
    for (const error of errors)
        raiseWhere(m, toCondition(result, (leaf) => leaf.t === "raised" && leaf.error === error), error);
    if (!possible(fine))
        return unknown("never executed");
    const left = restrict(result, fine);
    if (lost.length === 0)
        return left;
    const first = lost[0];
    mayRaise(m, toCondition(left, (leaf) => leaf.t === "notFollowed"), first);
    return combine([left], ([leaf]) => (leaf?.t === "notFollowed" ? leaf.as : leaf));
}
/** Is there a handler around that may catch what is raised where we do not follow? */
const isGuarded = (m) => m.handlers.some((h) => h.guards);
/**
 * What is not known may also raise something that is not known: where a handler would see it, both continuations are
 * followed. Where none does, the settings do not load in these worlds, and nothing is to be said of them.
 */
function mayRaise(m, when, what) {
    if (m.nested > 0 || !isGuarded(m))
        return;
    const inner = m.handlers.at(-1);
    if (inner.doubted.statement !== m.statement)
        inner.doubted = { statement: m.statement, worlds: FALSE };
    const hit = simplified(m, and(and(m.pc, when), not(inner.doubted.worlds)));
    if (!possible(hit))
        return;
    inner.doubted.worlds = or(inner.doubted.worlds, hit);
    if (++m.doubts > MAX_DOUBTS)
        throw new OutOfSteps();
    raiseWhere(m, and(hit, fact(m, what.reason, what.from)), unknownError(what));
}
/** Applies a function with side effects to each leaf, in its own worlds; PyRaise ends them. */
function each(m, v, fn) {
    const start = m.pc;
    if (!possible(start))
        return unknown("never executed");
    const { nested } = m;
    m.nested = 0;
    try {
        return eachCase(m, narrow(m, v), fn);
    }
    finally {
        m.nested = nested;
    }
}
function eachCase(m, narrowed, fn) {
    const start = m.pc;
    if (narrowed.t !== "choice")
        return attempt(m, () => fn(narrowed));
    const found = [];
    const values = new Map();
    const all = cases(narrowed);
    for (const { leaf, when } of all) {
        const begin = and(start, when);
        m.pc = begin;
        if (!possible(begin))
            continue;
        const value = attempt(m, () => fn(leaf));
        if (!possible(m.pc))
            continue;
        found.push({ when, value, end: m.pc });
        if (m.pc === begin)
            values.set(idOf(leaf), value);
    }
    // Mostly nobody has left: then nothing has to be put together world by world.
    if (values.size === all.length) {
        m.pc = start;
        return bounded(mapped(narrowed, (leaf) => values.get(idOf(leaf))));
    }
    let result = null;
    let end = FALSE;
    for (const one of found) {
        result = result === null ? one.value : ite(one.when, one.value, result);
        end = or(end, one.end);
    }
    m.pc = simplified(m, end);
    return bounded(result ?? unknown("never executed"));
}
/** Runs something that may throw a PyRaise, which then ends the current worlds, or that may not be modelled. */
function attempt(m, fn) {
    try {
        return fn();
    }
    catch (e) {
        // Within `pure` only the outer call knows the worlds.
        if (m.nested > 0)
            throw e;
        if (e instanceof NotModelled) {
            mayRaise(m, TRUE, e.as);
            return e.as;
        }
        if (!(e instanceof PyRaise))
            throw e;
        raiseWhere(m, TRUE, e.error);
        return unknown("never executed");
    }
}

;// CONCATENATED MODULE: ./build/src/python/logic/machine.js
/** A note for rules and reasons. */
function note(m, kind, what) {
    if (m.notes.length < 2000)
        m.notes.push({ kind, what, place: m.here, when: m.pc });
}
/** Remembers where we are; inside modelled libraries that is where the project called them. */
function at(m, node) {
    if (!m.frame.file.startsWith("<"))
        m.here = { t: "place", file: m.frame.file, line: node.lineno, column: node.col_offset + 1 };
}

;// CONCATENATED MODULE: ./build/src/python/logic/scopes.js





/** Assigns a name in the worlds being executed. */
function write(m, into, name, v) {
    const when = relative(m, into.born);
    const old = into.slots.get(name) ?? MISSING;
    into.slots.set(name, always(when) ? v : bounded(ite(when, v, old)));
    if (into.places) {
        const place = into.places.get(name) ?? m.here;
        into.places.set(name, always(when) ? m.here : ite(when, m.here, place));
    }
}
/** The value of a name in a scope, MISSING where it is not set. */
function read(m, from, name) {
    return narrow(m, from.slots.get(name) ?? MISSING);
}
/** Something unknown may have set any name of a scope: none of them is certain any more. */
function forgetScope(m, into, reason) {
    const lost = unknown(reason);
    note(m, "open", reason);
    const names = [...into.slots.keys()].filter((name) => /^[A-Z]/.test(name));
    forgetNames(m, into, names, lost);
    into.slots.set("\0open", lost);
}
/** Where an assignment to a name goes: the scope at hand, or that which `global` or `nonlocal` means. */
function scopeFor(m, name) {
    return (m.frame.outer.get(name) ?? m.frame).scope;
}
/** Makes names unknown in the worlds being executed, or in more: they are many, and each is written for itself. */
function forgetNames(m, into, names, lost) {
    const { pc } = m;
    m.pc = widened(m, 8);
    for (const name of names)
        write(m, into, name, lost);
    m.pc = pc;
}

;// CONCATENATED MODULE: ./build/src/python/logic/forget.js





/**
 * Something that nobody follows was given these values: it may have changed whatever can be changed of them, or of
 * what is in them. They themselves stay what they are; nothing is certain of their content in the worlds at hand.
 */
function forget_forget(m, given, reason) {
    const seen = new Set();
    for (const v of given)
        forgetOne(m, v, `${reason} may have changed it`, seen);
}
function forgetOne(m, v, reason, seen) {
    for (const here of leaves(narrow(m, v))) {
        const inner = mutable(here);
        if (inner === null || seen.has(inner))
            continue;
        seen.add(inner);
        for (const part of partsOf(here))
            forgetOne(m, part, reason, seen);
        forgetContent(m, here, reason);
    }
}
/** What tells an object from others, null for what cannot be changed nor holds what can. */
function mutable(o) {
    switch (o.t) {
        case "dict":
        case "instance":
        case "module":
        case "class":
            return o.scope;
        case "list":
        case "set":
        case "tuple":
        case "bound":
            return o;
        default:
            return null;
    }
}
function partsOf(o) {
    if (o.t === "tuple")
        return o.items;
    if (o.t === "bound")
        return [o.self];
    if (o.t === "list" || o.t === "set")
        return itemsOfAll(o.content);
    if (o.t === "dict" && !o.scope.places)
        return [...o.scope.slots.values()];
    if (o.t === "instance" && !o.message)
        return [...o.scope.slots.values()];
    return [];
}
const itemsOfAll = (content) => leaves(content).flatMap((c) => (c.t === "tuple" ? c.items : []));
function forgetContent(m, o, reason) {
    const lost = unknown(reason);
    if (o.t === "list")
        delete o.pending;
    if (o.t === "list" || o.t === "set")
        o.content = ite(relative(m, o.born), tuple([{ ...lost, splat: true }]), o.content);
    else if (o.t === "dict")
        openUp(m, o, lost, true);
    else if (o.t === "module" && !o.external)
        forgetScope(m, o.scope, reason);
    else if (o.t === "class" && o.scope.places)
        o.unknownBase ??= lost;
    else if (o.t === "instance" && o.cls.name === "_Environ")
        m.environment.slots.set("\0open", lost);
    else if (o.t === "instance")
        forgetSlots(m, o.scope, lost);
}
function forgetSlots(m, own, lost) {
    for (const name of own.slots.keys())
        if (!name.startsWith("\0"))
            write(m, own, name, MISSING);
    own.slots.set("\0open", lost);
}
/**
 * Something unknown was put in: keys we do not see may be there, and those we see may have been replaced. Where something
 * may also have been taken out (`taken`), of no key it is known whether it is there: a missing one of an open dict says so.
 */
function openUp(m, d, u, taken = false) {
    if (d.scope.places) {
        forgetScope(m, d.scope, `any setting may be overridden: ${u.reason}`);
        return;
    }
    forgetNames(m, d.scope, d.scope.slots.keys(), taken ? MISSING : u);
    d.open = u;
}
/** Something that nobody follows was called: what it was given may have changed. */
function notFollowed(m, reason, args, kwargs) {
    forget_forget(m, [...args, ...kwargs.values()], reason);
    return gap(reason);
}

;// CONCATENATED MODULE: ./build/src/python/logic/exceptions.js

/** Python's built-in exceptions, child → parent. */
const PARENTS = {
    BaseException: null,
    Exception: "BaseException",
    SystemExit: "BaseException",
    KeyboardInterrupt: "BaseException",
    GeneratorExit: "BaseException",
    ArithmeticError: "Exception",
    ZeroDivisionError: "ArithmeticError",
    OverflowError: "ArithmeticError",
    AssertionError: "Exception",
    AttributeError: "Exception",
    EOFError: "Exception",
    ImportError: "Exception",
    ModuleNotFoundError: "ImportError",
    LookupError: "Exception",
    IndexError: "LookupError",
    KeyError: "LookupError",
    NameError: "Exception",
    UnboundLocalError: "NameError",
    OSError: "Exception",
    FileNotFoundError: "OSError",
    FileExistsError: "OSError",
    PermissionError: "OSError",
    IsADirectoryError: "OSError",
    NotADirectoryError: "OSError",
    ConnectionError: "OSError",
    TimeoutError: "OSError",
    RuntimeError: "Exception",
    NotImplementedError: "RuntimeError",
    RecursionError: "RuntimeError",
    StopIteration: "Exception",
    SyntaxError: "Exception",
    TypeError: "Exception",
    ValueError: "Exception",
    UnicodeError: "ValueError",
    UnicodeDecodeError: "UnicodeError",
    UnicodeEncodeError: "UnicodeError",
    JSONDecodeError: "ValueError",
    TOMLDecodeError: "ValueError",
    YAMLError: "Exception",
    Warning: "Exception",
    DeprecationWarning: "Warning",
    UserWarning: "Warning",
    RuntimeWarning: "Warning",
    ImproperlyConfigured: "Exception",
};
const ALIASES = { IOError: "OSError", EnvironmentError: "OSError" };
function builtinExceptions() {
    const classes = new Map();
    for (const [name, parent] of Object.entries(PARENTS)) {
        const base = parent === null ? undefined : classes.get(parent);
        classes.set(name, { t: "class", name, bases: base ? [base] : [], unknownBase: null, scope: scope() });
    }
    for (const [alias, name] of Object.entries(ALIASES))
        classes.set(alias, classes.get(name));
    return classes;
}
/** Every class an object of this one is an instance of, nearest first (C3 where it matters to nobody: depth first). */
function lineage(cls) {
    const [first, ...others] = cls.bases;
    if (!first)
        return [cls];
    return others.length === 0 ? [cls, ...lineage(first)] : merge(cls);
}
/** Python's C3 order; falls back to depth first where Python would refuse the class. */
function merge(cls) {
    const lists = [...cls.bases.map((b) => lineage(b)), [...cls.bases]];
    const out = [cls];
    while (lists.some((l) => l.length > 0)) {
        const next = lists.map((l) => l[0]).find((c) => c && lists.every((l) => !l.slice(1).includes(c))) ??
            lists.find((l) => l.length > 0)?.[0];
        if (!next)
            break;
        out.push(next);
        for (const l of lists)
            if (l[0] === next)
                l.shift();
        for (const l of lists)
            while (l[0] && out.includes(l[0]))
                l.shift();
    }
    return out;
}
function isA(cls, name) {
    return lineage(cls).some((c) => c.name === name);
}
/** Is an exception one of Python's own names, and not of a module? */
const isBuiltinException = (name) => !/^(JSONDecodeError|TOMLDecodeError|YAMLError|ImproperlyConfigured)$/.test(name);

;// CONCATENATED MODULE: ./build/src/python/logic/proofs.js



const PROOF = {};
const when = (holds) => (holds ? PROOF : null);
/** Types whose objects may be given attributes of their own. */
const OPEN = new Set([
    "SimpleNamespace",
    "Logger",
    "ChainMap",
    "UUID",
    "partial",
    "function",
    "Counter",
    "OrderedDict",
]);
/** Python's name of the very type of an object, where that is certain and CPython's table has it. */
function exactType(o) {
    const name = typeOf(o);
    return name !== null && isTabled(name) ? name : null;
}
function typeOf(o) {
    switch (o.t) {
        case "none":
            return "NoneType";
        case "num":
            return o.float ? "float" : "int";
        case "bool":
        case "str":
        case "bytes":
        case "ellipsis":
        case "slice":
            return o.t;
        case "tuple":
            return o.fields ? null : (o.kind ?? "tuple");
        case "list":
        case "set":
        case "dict":
            return o.kind ?? o.t;
        case "path":
            return "PosixPath";
        case "func":
            return "function";
        case "bound":
            return o.func.t === "func" ? "method" : null;
        case "instance":
            return isPythons(o.cls) ? o.cls.name : null;
        default:
            return null;
    }
}
/** A class of Python's own, made in TypeScript: those of the project and of models have places. */
const isPythons = (cls) => cls.scope.places === null && !cls.unknownBase && !cls.modelled;
/** That an object has no attribute of that name, neither of its own (who asks has looked) nor from its type. */
function lacksAttribute(o, name) {
    if (o.t === "class")
        return when(lacksInClass(o, name) && typeAttribute("type", name) === null);
    if (o.t === "instance" && !isPythons(o.cls))
        return when(!o.scope.slots.has("\0open") && name !== "__dict__" && lacksInClass(o.cls, name));
    const type = exactType(o);
    if (type === null || (OPEN.has(type) && !/^__\w+__$/.test(name)))
        return null;
    // Libraries raise subclasses of it that are not told apart here, with a place in a text.
    if (type === "ValueError" && /^(colno|doc|lineno|msg|pos)$/.test(name))
        return null;
    return when(typeAttribute(type, name) === null);
}
/** Known as a whole, with all its ancestors, and without that name. */
function lacksInClass(cls, name) {
    return lineage(cls).every((c) => {
        if (c.unknownBase || c.modelled || c.decorated || c.bound)
            return false;
        if (!c.scope.places)
            return isTabled(c.name) && typeAttribute(c.name, name) === null;
        const { slots } = c.scope;
        if (slots.has("\0open") || slots.has(name))
            return false;
        return (!slots.has("__getattr__") && !slots.has("__getattribute__") && typeAttribute("object", name) === null);
    });
}
/** What CPython's table says of an attribute that an object has from its type. */
function tabledAttribute(o, name) {
    const type = exactType(o);
    return type === null ? null : typeAttribute(type, name);
}
/** That a module of the project has not set a name; who asks has looked for its submodules. */
const lacksInScope = (module) => when(!module.external && !module.scope.slots.has("\0open"));
/** That an object has none of the methods by which an operation works. */
function lacksAll(o, ...names) {
    return names.every((name) => lacksAttribute(o, name)) ? PROOF : null;
}
/** That an object cannot be iterated. */
const isNoIterable = (o) => lacksAll(o, "__iter__", "__getitem__");
/** Is an object of a project's class equal to nothing but itself? */
const lacksOwnEquality = (o) => lineage(o.cls).every((c) => !c.unknownBase &&
    !c.modelled &&
    !c.decorated &&
    (c.scope.places !== null || c.name === "object") &&
    !c.scope.slots.has("__eq__"));
/** That an operator refuses two types, whatever the values. */
function refuses(op, a, b) {
    const [x, y] = [exactType(a), exactType(b)];
    return when(x !== null && y !== null && isRefused(op, x, y));
}
/** That an object is of none of these types, where a function takes no others, and nothing that it would convert. */
function isNone(o, ...types) {
    const own = exactType(o);
    if (own === null || types.some((type) => isKindOf(own, type)))
        return null;
    if (types.includes("int") && typeAttribute(own, "__index__"))
        return null;
    return when(!(types.includes("path") && typeAttribute(own, "__fspath__")));
}
/** May an object that is not proven to be unhashable be so all the same? A class with an equality of its own has no hash. */
const mayBeUnhashable = (o) => o.t === "instance" && !lacksOwnEquality(o);
/** That an object cannot be a key, nor an element of a set. */
function isUnhashable(o) {
    if (o.t === "tuple") {
        for (const item of o.items) {
            spend();
            const proof = item.t === "choice" ? null : isUnhashable(item);
            if (proof)
                return proof;
        }
        return null;
    }
    const own = exactType(o);
    return when(own !== null && typeAttribute(own, "__hash__")?.has === "data");
}
/** That a value is no text, nor of a class made of it. */
function isNoText(o) {
    const own = exactType(o);
    return when(own !== null && own !== "str");
}
/** That a call of a function of the project does not fit its parameters; of a model we know not all of them. */
const misfits = (f) => when(!f.closure.file.startsWith("<"));

;// CONCATENATED MODULE: ./build/src/python/logic/class-slot.js



/** The slot of the nearest class in the lineage that has it, unknown where a base is; null when there is none. */
function classSlot(m, cls, name) {
    const line = lineage(cls);
    for (const c of line) {
        const slot = read(m, c.scope, name);
        if (slot.t !== "missing")
            return slot;
    }
    const open = line.find((c) => c.unknownBase)?.unknownBase;
    return open ? unknown(open.reason) : null;
}

;// CONCATENATED MODULE: ./build/src/python/logic/keys.js


/**
 * A dictionary's key as text, or null when it is no constant. Strings are their own key, so that a namespace can be
 * seen as a dictionary; the rest is marked by a leading NUL.
 */
function keyOf(o) {
    switch (o.t) {
        case "str":
            return o.v;
        case "num":
            return `\0n:${o.v}`;
        case "bool":
            return `\0n:${o.v ? 1 : 0}`;
        case "none":
            return "\0N:";
        case "ellipsis":
            return "\0E:";
        case "bytes":
            return `\0b:${o.v}`;
        case "path":
            return `\0p:${o.v}`;
        case "tuple": {
            spend(o.items.length);
            const parts = o.items.map(keyOf);
            if (parts.includes(null))
                return null;
            // With lengths instead of quotes: those would double with each tuple around it.
            const key = `\0t:${parts.map((part) => `${part?.length}:${part}`).join("")}`;
            spend(key.length >> 6);
            return key;
        }
        case "class":
            return `\0c:${o.name}`;
        default:
            return null;
    }
}
/** Is a slot of a namespace one that a dictionary may have, and none in which an object keeps something of its own? */
const isKey = (slot) => slot[0] !== "\0" || slot[2] === ":";
/** The object a key stands for. */
function keyObject(key) {
    if (key[0] !== "\0")
        return str(key);
    const rest = key.slice(3);
    switch (key[1]) {
        case "n":
            return num(Number(rest));
        case "b":
            return { t: "bytes", v: rest };
        case "p":
            return { t: "path", v: rest };
        case "t":
            return tuple(keys_partsOf(rest).map(keyObject));
        case "N":
            return NONE;
        case "E":
            return ELLIPSIS;
        default:
            return unknown("a key");
    }
}
function keys_partsOf(text) {
    const parts = [];
    for (let at = 0; at < text.length;) {
        const from = text.indexOf(":", at) + 1;
        const to = from + Number(text.slice(at, from - 1));
        parts.push(text.slice(from, to));
        at = to;
    }
    return parts;
}

;// CONCATENATED MODULE: ./build/src/python/objects/keywords.js
const PATH = ["path|p|s|filename"];
/** The parameters, in order, of functions that callers also give by name; `|`: other functions of the same name. */
const PARAMETERS = {
    open: ["file", "mode"],
    getenv: ["key", "default"],
    get: ["key", "default"],
    pop: ["key", "default"],
    setdefault: ["key", "default|value"],
    load: ["fp|stream|f"],
    loads: ["s"],
    import_module: ["name", "package"],
    token_hex: ["nbytes"],
    token_urlsafe: ["nbytes"],
    get_random_string: ["length"],
    urlparse: ["url"],
    urlsplit: ["url"],
    split: ["sep|pattern", "maxsplit|string"],
    rsplit: ["sep", "maxsplit"],
    enumerate: ["iterable", "start"],
    sub: ["pattern|repl", "repl|string", "string"],
    match: ["pattern|string", "string"],
    search: ["pattern|string", "string"],
    fullmatch: ["pattern|string", "string"],
    compile: ["pattern"],
    literal_eval: ["node_or_string"],
    makedirs: ["name"],
    exists: PATH,
    isfile: PATH,
    isdir: PATH,
    abspath: PATH,
    realpath: PATH,
    normpath: PATH,
    expanduser: PATH,
    dirname: PATH,
    basename: PATH,
};
/** Puts the arguments that were given by name where the function expects them; the rest stays with its name. */
function inOrder(name, args, kwargs) {
    const parameters = Object.hasOwn(PARAMETERS, name) && kwargs.size > 0 ? PARAMETERS[name] : undefined;
    if (!parameters)
        return args;
    const out = [...args];
    for (const names of parameters.slice(args.length)) {
        const given = names.split("|").find((n) => kwargs.has(n));
        if (given === undefined)
            break;
        out.push(kwargs.get(given));
    }
    return out;
}

;// CONCATENATED MODULE: ./build/src/python/objects/run-function.js







/** Runs a function of the project. */
function callFunction(m, f, args, kwargs) {
    if (m.depth >= MAX_DEPTH)
        return notFollowed(m, `${f.name}() calls itself too often`, args, kwargs);
    const own = scope(m.pc);
    const frame = {
        scope: own,
        module: f.closure.module,
        parent: f.closure,
        outer: new Map(),
        isClass: false,
        cls: f.owner,
        lines: f.closure.lines,
        file: f.closure.file,
        done: FALSE,
        result: NONE,
        locals: f.locals,
        yields: f.generator ? { ...list([], m.pc), kind: "generator", once: true } : null,
        self: args[0] ?? null,
    };
    bind(m, f, own.slots, args, kwargs);
    if (frame.yields) {
        // Nothing of it runs until somebody asks for an item.
        frame.yields.pending = () => {
            run(m, f, frame);
            return frame.yields?.content ?? tuple([]);
        };
        return frame.yields;
    }
    return run(m, f, frame);
}
function run(m, f, frame) {
    const { frame: caller, here } = m;
    const entersLibrary = frame.file.startsWith("<") && !caller.file.startsWith("<");
    if (entersLibrary)
        m.callers.push(caller);
    m.frame = frame;
    m.depth++;
    const body = f.node.body;
    try {
        if (!Array.isArray(body))
            return m.core.evaluate(m, body);
        m.core.execute(m, body);
        // Falling off the end returns None; frame.result starts as that.
        m.pc = simplified(m, or(m.pc, frame.done));
        return frame.result;
    }
    finally {
        m.depth--;
        if (entersLibrary)
            m.callers.pop();
        m.frame = caller;
        m.here = here;
    }
}
function bind(m, f, slots, args, kwargs) {
    const { args: named, posonlyargs, kwonlyargs, vararg, kwarg } = f.node.args;
    const positional = [...posonlyargs, ...named];
    const firstDefault = positional.length - f.defaults.length;
    const rest = new Map(kwargs);
    const splat = args.findIndex((a) => a.t === "unknown" && a.splat);
    const fallback = splat >= 0 ? args[splat] : undefined;
    const certain = splat >= 0 ? args.slice(0, splat) : args;
    for (const [i, p] of positional.entries()) {
        const given = certain[i] ?? rest.get(p.arg) ?? fallback ?? rest.get("\0open") ?? f.defaults[i - firstDefault];
        if (!certain[i])
            rest.delete(p.arg);
        if (given === undefined)
            raiseProven(m, misfits(f), "TypeError", `${f.name}() missing 1 required positional argument: '${p.arg}'`);
        slots.set(p.arg, given === fallback ? unknown("an argument that is not known") : given);
    }
    if (vararg)
        slots.set(vararg.arg, tuple(args.slice(positional.length)));
    else if (certain.length > positional.length)
        raiseProven(m, misfits(f), "TypeError", `${f.name}() takes ${positional.length} positional arguments but ${args.length} were given`);
    for (const [i, p] of kwonlyargs.entries()) {
        const given = rest.get(p.arg) ?? rest.get("\0open") ?? f.kwDefaults[i];
        rest.delete(p.arg);
        if (!given)
            raiseProven(m, misfits(f), "TypeError", `${f.name}() missing 1 required keyword-only argument: '${p.arg}'`);
        slots.set(p.arg, given);
    }
    const open = rest.get("\0open");
    rest.delete("\0open");
    if (kwarg) {
        const d = values_dict(m.pc);
        for (const [k, v] of rest)
            d.scope.slots.set(k, v);
        if (open?.t === "unknown")
            d.open = open;
        slots.set(kwarg.arg, d);
    }
    else if (rest.size > 0)
        raiseProven(m, misfits(f), "TypeError", `${f.name}() got an unexpected keyword argument '${[...rest.keys()][0]}'`);
}
/** Leaves the current function with a value, in the worlds being executed. */
function leave(m, v) {
    const { frame } = m;
    frame.result = ite(relative(m, frame.scope.born), v, frame.result);
    frame.done = or(frame.done, m.pc);
    m.pc = FALSE;
}

;// CONCATENATED MODULE: ./build/src/python/objects/calls.js













/** Calls whatever the value may be, each in its own worlds. */
function callValue(m, callee, args, kwargs = new Map()) {
    return each(m, callee, (f) => callLeaf(m, f, args, kwargs));
}
function callLeaf(m, f, args, kwargs) {
    switch (f.t) {
        case "native":
            if (args.some((a) => a.t === "unknown" && a.splat))
                return notFollowed(m, `${f.name}() with arguments that are not known`, args, kwargs);
            return doubted(m, f, f.call(inOrder(f.name, args, kwargs), kwargs));
        case "func":
            return callFunction(m, f, args, kwargs);
        case "bound":
            return callLeaf(m, f.func, [f.self, ...args], kwargs);
        case "class":
            return instantiate(m, f, args, kwargs);
        case "instance": {
            if (f.cls.name === "partial")
                return callPartial(m, f, args, kwargs);
            const method = classSlot(m, f.cls, "__call__");
            if (method?.t === "func")
                return callFunction(m, method, [f, ...args], kwargs);
            if (method)
                return callValue(m, method, [f, ...args], kwargs);
            if (lacksAttribute(f, "__call__"))
                return noFunction(m, f);
            return notFollowed(m, `call of a ${f.cls.name}`, [f, ...args], kwargs);
        }
        case "unknown":
            if (args.some((a) => isNamespace(m, a)))
                forgetScope(m, m.frame.module.scope, `${f.reason} was given all settings`);
            note(m, "call", f.reason);
            if (!f.harmless)
                forget_forget(m, [...args, ...kwargs.values()], f.reason);
            return gap(f.reason, {
                ...(f.from ? { from: f.from } : {}),
                ...(f.generated ? { generated: true } : {}),
                ...(f.harmless ? { harmless: true } : {}),
            });
        default:
            return noFunction(m, f);
    }
}
const noFunction = (m, f) => raiseProven(m, lacksAttribute(f, "__call__"), "TypeError", `'${typeName(f)}' object is not callable`);
/** Functions that give something unknown and never raise. */
const SAFE = /^(print|repr|str|id|hash|gethostname|getfqdn|isinstance|hasattr|callable|type|dir|getLogger|note|unknown|is_unknown)$/;
/** What gives something that is not known may have raised instead. */
function doubted(m, f, made) {
    if (!isGuarded(m) || SAFE.test(f.name))
        return made;
    const lost = leaves(made).find((o) => o.t === "unknown" && !o.generated);
    if (lost?.t === "unknown")
        mayRaise(m, toCondition(made, (o) => o.t === "unknown"), lost);
    return made;
}
function callPartial(m, f, args, kwargs) {
    const first = f.scope.slots.get("args");
    const named = f.scope.slots.get("kwargs");
    const all = new Map([...(named?.t === "dict" ? named.scope.slots : []), ...kwargs]);
    return callValue(m, f.scope.slots.get("func") ?? NONE, [...(first?.t === "tuple" ? first.items : []), ...args], all);
}
function isNamespace(m, v) {
    return v.t === "dict" && v.scope === m.frame.module.scope;
}
/** Makes an object of a class. */
function instantiate(m, cls, args, kwargs) {
    if (cls.members)
        return memberByValue(m, cls, args[0] ?? NONE);
    const make = constructorOf(cls);
    if (make)
        return make(args, kwargs);
    const made = { t: "instance", cls, scope: scope(m.pc), id: nextId() };
    if (isA(cls, "BaseException")) {
        made.message =
            args.length > 1
                ? unknown("the text of an exception", { type: "str" })
                : (args[0] ?? { t: "str", v: "" });
        made.scope.slots.set("args", tuple(args));
    }
    const custom = classSlot(m, cls, "__new__");
    if (custom?.t === "func") {
        const result = callFunction(m, custom, [cls, ...args], kwargs);
        if (result.t !== "instance" || result.cls !== cls)
            return result;
        initialise(m, result, args, kwargs);
        return result;
    }
    initialise(m, made, args, kwargs);
    return made;
}
/** `Color("red")` of an enumeration. */
function memberByValue(m, cls, v) {
    return each(m, v, (o) => {
        if (o.t === "unknown" || o.t === "instance")
            return o;
        for (const member of cls.members ?? []) {
            const own = member.t === "instance" ? member.scope.slots.get("value") : undefined;
            if (own && own.t !== "choice" && keyOf(own) === keyOf(o))
                return member;
        }
        return raise(m, "ValueError", `not a valid ${cls.name}`);
    });
}
function constructorOf(cls) {
    if (cls.construct)
        return cls.construct;
    // A subclass of str or int without a constructor of its own is as good as its base.
    const own = cls.scope.slots.has("__init__") || cls.scope.slots.has("__new__");
    if (own)
        return undefined;
    for (const base of cls.bases) {
        const found = constructorOf(base);
        if (found)
            return found;
    }
    return undefined;
}
function initialise(m, made, args, kwargs) {
    const init = classSlot(m, made.cls, "__init__");
    if (init)
        callValue(m, init.t === "func" || init.t === "native" ? { t: "bound", self: made, func: init } : init, args, kwargs);
}
/** `v.name(args)`. */
function callMethod(m, v, name, args) {
    return callValue(m, m.core.getAttribute(m, v, name), args);
}

;// CONCATENATED MODULE: ./build/src/python/logic/set-order.js




const set_order_known = new WeakMap();
/**
 * The items of a set: nobody knows in which order, and the hash of a text is another one in each process. What depends
 * on the order depends on a fact that is not known; what does not comes out the same in all of them.
 */
function inSomeOrder(m, content) {
    return pure(m, [content], ([c]) => {
        const items = itemsIn(c);
        if (items.length < 2 || c?.t !== "tuple")
            return c;
        const before = set_order_known.get(c);
        if (before)
            return before;
        let made = c;
        const orders = others(items);
        const condition = fact(m, "the order of a set is not known");
        const at = condition.t === "choice" ? condition.at : 0;
        for (const [i, order] of orders.entries())
            made = ite(only(at, 1 << i), tuple(order), made);
        set_order_known.set(c, made);
        return made;
    });
}
/** Items of a set of which both neighbours of each are looked at, and of one of which each place is. */
const FEW = 8;
const MANY = 24;
/** Orders in which each item is at each place, at least of a set that is not large; the one it has is another. */
function others(items) {
    if (items.length > MANY)
        return [[...items].reverse()];
    const turned = (list) => list.map((_, i) => [...list.slice(i), ...list.slice(0, i)]);
    const backwards = items.length > 2 && items.length <= FEW ? turned([...items].reverse()) : [];
    return [...turned(items).slice(1), ...backwards];
}

;// CONCATENATED MODULE: ./build/src/python/objects/items-of.js







/** The content of anything that is a sequence of known shape, else null. */
function contentOf(o) {
    if (o.t === "tuple")
        return o;
    if (o.t === "list" || o.t === "set")
        return o.content;
    return null;
}
/** The keys of a dict that may be there, with the condition for each. */
function keysOf(d) {
    const entries = [...d.scope.slots].filter(([k]) => isKey(k));
    return entries.map(([k, v]) => ({
        key: keyObject(k),
        when: toCondition(v, (x) => x.t !== "missing"),
        value: v,
    }));
}
/** The items of an iterable as tuples; an unknown iterable is one splat. Null when it can not be iterated. */
function itemsOf(m, o) {
    switch (o.t) {
        case "tuple":
            return o;
        case "list":
            return o.content;
        case "set":
            return inSomeOrder(m, o.content);
        case "str":
            return tuple([...o.v].map(str));
        case "bytes":
            return {
                t: "tuple",
                items: [...o.v].map((v) => ({ t: "num", v: v.charCodeAt(0), float: false })),
            };
        case "dict": {
            let out = { t: "tuple", items: [] };
            for (const { key, when } of keysOf(o))
                out = appendWhere(m, out, when, key);
            return o.open ? appendWhere(m, out, TRUE, { ...o.open, splat: true }) : out;
        }
        case "unknown":
            return { t: "tuple", items: [{ ...o, splat: true }] };
        case "class":
            return o.members ? { t: "tuple", items: o.members } : null;
        case "instance":
            return o.scope.slots.get("\0items") ?? (isNoIterable(o) ? null : gap(`items of a ${o.cls.name}`));
        default:
            return null;
    }
}
function appendWhere(m, content, when, item) {
    return pure(m, [content, when], ([c, w]) => w?.t === "bool" && w.v ? { t: "tuple", items: [...itemsIn(c), item] } : c);
}

;// CONCATENATED MODULE: ./build/src/python/objects/list-content.js






/** `a` where the condition holds, `b` elsewhere; many different sequences become one. */
const settled = (when, a, b) => bounded(ite(when, a, b));
/** Gives a list or set a content, in the worlds being executed. */
function setContent(m, self, next) {
    if (possible(m.pc))
        self.content = settled(relative(m, self.born), next, self.content);
}
/** Changes a list's content in the worlds being executed. */
function mutate(m, self, change) {
    setContent(m, self, pure(m, [self.content], ([c]) => {
        const items = itemsIn(c);
        // A list that grows in a long loop is copied at each step.
        spend(items.length >> 5);
        return tuple(change([...items]));
    }));
}
/** The content with an item added in the worlds of `when`, and as it was in all others. */
function list_content_appendWhere(m, content, when, item) {
    const there = simplified(m, when);
    if (!possible(there))
        return content;
    const more = combine([content], ([c]) => tuple([...itemsIn(c), item]));
    return settled(there, more, content);
}

;// CONCATENATED MODULE: ./build/src/python/objects/iterate.js










/** Any iterable's items, as a choice between tuples; TypeError for what is none. What an iterator gives is gone. */
function itemsOrRaise(m, v) {
    if (m.nested === 0 && leaves(v).some((o) => o.t === "instance"))
        return each(m, v, (o) => ownItems(m, o));
    for (const o of leaves(v))
        if (o.t === "list" && o.pending)
            start(m, o);
    if (!possible(m.pc))
        return unknown("never executed");
    const items = pure(m, [v], ([o]) => itemsOfLeaf(m, o));
    for (const o of leaves(v))
        if (o.t === "list" && o.once)
            exhaust(m, o);
    return items;
}
function itemsOfLeaf(m, o) {
    if (o.t === "unknown" && /^(int|float|bool)$/.test(o.type ?? ""))
        return gap("the items of a number");
    return (itemsOf(m, o) ?? raiseProven(m, isNoIterable(o), "TypeError", `'${typeName(o)}' object is not iterable`));
}
/** Generators among arguments begin before what is done with them is done for each of several cases. */
function startAll(m, given) {
    for (const v of given)
        for (const o of leaves(v))
            if (o.t === "list")
                start(m, o);
}
/** Makes what a generator gives, all at once. */
function start(m, o) {
    const { pending } = o;
    if (!pending)
        return;
    delete o.pending;
    const lost = tuple([unknown("what a generator gives", { splat: true })]);
    if (m.nested > 0)
        o.content = lost;
    else {
        const when = relative(m, o.born);
        o.content = ite(when, pending(), lost);
    }
}
function exhaust(m, o) {
    // Within `pure` nobody knows in which worlds.
    if (m.nested > 0)
        o.content = tuple([unknown("what is left of an iterator", { splat: true })]);
    else
        setContent(m, o, tuple([]));
}
/** Of an object of a project's class: what its `__iter__` gives. */
function ownItems(m, o) {
    const method = o.t === "instance" ? classSlot(m, o.cls, "__iter__") : null;
    if (o.t !== "instance" || method?.t !== "func")
        return itemsOrRaiseLeaf(m, o);
    const made = callFunction(m, method, [o], new Map());
    return leaves(made).some((x) => x.t === "instance")
        ? gap(`an iterator of a ${o.cls.name}`)
        : itemsOrRaise(m, made);
}
function itemsOrRaiseLeaf(m, o) {
    if (o.t === "instance")
        return pure(m, [o], ([x]) => itemsOfLeaf(m, x));
    return itemsOrRaise(m, o);
}

;// CONCATENATED MODULE: ./build/src/python/outside/variables.js




/** Long enough, varied enough, and nothing else: passes as a key, fails as a flag, number, list or address. */
const STRONG = "kD7vPz2RmX9wQs4LtB8nHc5YgJ3fWe6aUr1iKoMxVbNqTyZp0dSj-uGhElAC";
const TRIED_HOST = "www.example.com";
/** Texts that casts and programs read as words of their own: each stands for itself. */
const WORDS = ["", "True", "False", "1", "0"];
/**
 * Texts that stand for any of their kind, each with another of that kind. Where only one of its kind lets the settings
 * load, what is made of it would look like a constant of the project: then the other is tried too, see `lonely`.
 */
const MADE_UP = new Map([
    ["31536000", "63072000"],
    [TRIED_HOST, "site.example.org"],
    [STRONG, "uT4nQx8BkZ2vHs7LcR9mWj5DpY3gEf6aKo1iVdXzMtCyPwNb0rJq_SlOhGAe"],
]);
const TRIED = [
    ...WORDS.map((text) => ({ text, origin: "word" })),
    ...[...MADE_UP.keys()].map((text) => ({ text, origin: "made-up" })),
];
/** The variable's text, or MISSING while it is not set. */
function readEnv(m, name) {
    const own = m.environment.slots.get(name);
    let outside = m.outside.get(name);
    if (!outside) {
        outside = outsideEnv(m, name);
        m.outside.set(name, outside);
    }
    if (m.environment.slots.has("\0open"))
        return unknown("a variable that something may have set");
    if (own === undefined)
        return outside;
    const known = ite(toCondition(own, (o) => o.t === "missing"), outside, own);
    return leaves(known).includes(GONE)
        ? combine([known], ([o]) => (o === GONE ? MISSING : o))
        : known;
}
/** Stands for a variable that the settings have taken out: one that is only missing there is looked for outside. */
const GONE = { t: "unknown", id: -1, reason: "a variable that was taken out" };
function outsideEnv(m, name) {
    const given = m.given[name];
    if (given !== undefined)
        return str(given);
    let at = m.byName.get(name);
    if (at === undefined) {
        at = m.variables.length;
        const all = new Map(TRIED.map((one) => [one.text, one]));
        for (const one of m.interesting.get(name)?.values() ?? [])
            all.set(one.text, one);
        const tried = [...all.values()].slice(0, 29);
        const values = m.provided.has(name)
            ? tried.filter(({ text }) => text !== "")
            : [{ text: null, origin: "project" }, ...tried];
        m.variables.push({ kind: "env", name, values });
        m.byName.set(name, at);
    }
    const variable = m.variables[at];
    if (variable?.kind !== "env")
        return MISSING;
    const last = variable.values.length - 1;
    return choice(at, variable.values.map((v, i) => ({
        mask: i === last ? 0x7fffffff & ~((1 << i) - 1) : 1 << i,
        to: v.text === null ? MISSING : str(v.text),
    })));
}
/** Says by what the text read in an expression is turned into a value. */
function castRead(m, node, cast) {
    const last = m.reads.at(-1);
    if (node &&
        last &&
        last.cast === null &&
        last.place.line >= node.lineno &&
        last.place.line <= (node.end_lineno ?? node.lineno))
        last.cast = cast;
}
/** Writes a variable for what is evaluated after. */
function writeEnv(m, name, v) {
    write(m, m.environment, name, v);
}
/** Takes a variable out of the environment for what is evaluated after. */
function unsetEnv(m, name) {
    write(m, m.environment, name, GONE);
}
/** Remembers that a variable's text is compared with this one, so that the next round tries it. */
function interest(m, v, text) {
    // What a modelled library compares with says nothing about the project.
    if (text.length <= 300 && !m.frame.file.startsWith("<"))
        tryText(m, v, { text, origin: "project" });
}
/** Tries examples of ours too: they have to differ in all that could be said of them, or it would look certain. */
function like(m, v, examples) {
    for (const text of examples)
        tryText(m, v, { text, origin: "made-up" });
}
function tryText(m, v, tried) {
    if (v.t !== "choice")
        return;
    for (const e of v.edges) {
        if (e.to.t === "choice")
            tryText(m, e.to, tried);
        else if (e.to.t === "str") {
            const variable = m.variables[v.at];
            if (variable?.kind === "env")
                want(m, variable, tried);
            return;
        }
    }
}
function want(m, variable, tried) {
    const known = variable.values.findIndex(({ text }) => text === tried.text);
    // What we try anyway is the project's own, too.
    const ours = variable.values[known]?.origin !== "project" && tried.origin === "project";
    if (known >= 0 && !ours)
        return;
    const wanted = m.interesting.get(variable.name) ?? new Map();
    if (tried.text === null || (!wanted.has(tried.text) && wanted.size >= 18))
        return;
    if (wanted.get(tried.text)?.origin === tried.origin)
        return;
    wanted.set(tried.text, tried);
    m.interesting.set(variable.name, wanted);
    if (known >= 0)
        variable.values[known] = tried;
    else
        m.grown = true;
}
/**
 * Variables of which a single made-up text is left that lets the settings load get another of its kind, to be tried in
 * one more round. True where there are any.
 */
function lonely(m) {
    let found = false;
    for (const [at, variable] of m.variables.entries()) {
        if (variable.kind !== "env")
            continue;
        const allowed = m.allowed.get(at) ?? 0x7fffffff;
        const left = variable.values.filter((_, i) => allowed & (1 << i));
        const other = left.length === 1 && left[0]?.origin === "made-up" ? MADE_UP.get(left[0].text ?? "") : undefined;
        if (other === undefined)
            continue;
        want(m, variable, { text: other, origin: "made-up" });
        found = true;
    }
    return found;
}

;// CONCATENATED MODULE: ./build/src/python/objects/operators/dict-copies.js




/** A copy of a dict, of its kind. */
function copyDict(m, d) {
    const copy = values_dict(m.pc);
    for (const [k, v] of d.scope.slots)
        copy.scope.slots.set(k, v);
    copy.open = d.open;
    if (d.factory)
        copy.factory = d.factory;
    if (d.kind)
        copy.kind = d.kind;
    return copy;
}
/** `a | b` of dicts. */
function mergedDict(m, a, b) {
    const out = copyDict(m, a);
    for (const { key, when, value } of keysOf(b)) {
        const name = keyOf(key) ?? "";
        const old = out.scope.slots.get(name);
        out.scope.slots.set(name, old && !(when.t === "bool" && when.v)
            ? pure(m, [value, old], ([x, y]) => (x?.t === "missing" ? y : x))
            : value);
    }
    if (b.open)
        out.open = b.open;
    return out;
}

;// CONCATENATED MODULE: ./build/src/python/objects/reads.js


/** Why nobody knows what comes next. */
const CHANGED = "a loop over what it changes";
/** Of what is iterated over, and of what that reads itself. */
function readsOf(iterables, depth = "keys") {
    const reads = new Map();
    const see = (o) => {
        if (o.t === "dict")
            reads.set(o, dictChanges(o, depth));
        else if (o.t === "list" && o.of)
            see(o.of);
        else if (o.t === "list" || o.t === "set") {
            const { content } = o;
            reads.set(o, () => o.content !== content);
            for (const source of o.reads?.keys() ?? [])
                see(source);
        }
    };
    for (const o of iterables.flatMap((v) => leaves(v)))
        see(o);
    return reads;
}
/** Whether one of them is another one now. */
function isChanged(reads) {
    return [...reads.values()].some((changed) => changed());
}
function dictChanges(d, depth) {
    const { slots } = d.scope;
    const [size, values, open] = [slots.size, depth === "values" ? [...slots.values()] : [], d.open];
    return () => {
        if (slots.size !== size)
            return true;
        if (depth === "keys")
            return false;
        const now = [...slots.values()];
        return d.open !== open || values.some((value, at) => now[at] !== value);
    };
}
/**
 * Lets a list be what Python reads as it goes (an iterator, a view of a dict): once what it reads is another one, nobody
 * knows its content, whoever asks for it.
 */
function reading(o, iterables, depth = "keys") {
    const reads = readsOf(iterables, depth);
    const lost = tuple([unknown(CHANGED, { splat: true })]);
    let { content } = o;
    return Object.defineProperty({ ...o, reads }, "content", {
        enumerable: true,
        get: () => (isChanged(reads) ? lost : content),
        set: (next) => {
            content = next;
        },
    });
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/dicts.js















/** `d[key]` where it is there, `fallback` elsewhere (null: KeyError). */
function dictGet(m, d, key, fallback) {
    if (key.t === "choice")
        for (const k of d.scope.slots.keys())
            if (k[0] !== "\0")
                interest(m, key, k);
    return pure(m, [key], ([k]) => {
        if (!k || k.t === "unknown")
            return gap(`item of a dict at ${k?.reason ?? "?"}`);
        const name = keyOf(k);
        if (name === null)
            return raiseProven(m, isUnhashable(k), "TypeError", `unhashable type: '${typeName(k)}'`);
        const slot = narrow(m, d.scope.slots.get(name) ?? MISSING);
        return pure(m, [slot], ([v]) => {
            if (v && v.t !== "missing")
                return v;
            if (d.open && fallback === null)
                return gap(d.open.reason, d.open.from ? { from: d.open.from } : {});
            if (d.open)
                return unknown(d.open.reason, d.open.from ? { from: d.open.from } : {});
            if (fallback)
                return fallback();
            return raise(m, "KeyError", name);
        });
    });
}
function dictSet(m, d, key, v) {
    const narrowed = narrow(m, key);
    if (narrowed.t !== "choice") {
        const name = keyOf(narrowed);
        if (name === null)
            setUnknown(m, d, narrowed);
        else
            write(m, d.scope, name, v);
        return;
    }
    // Keys that nobody knows change all there is, whichever they are: together.
    const lost = leaves(narrowed).find((k) => k.t === "unknown");
    const some = unknown(lost?.t === "unknown" ? lost.reason : "a key that is not known");
    const keys = pure(m, [narrowed], ([k]) => keyOf(k) === null && !isUnhashable(k) ? some : k);
    each(m, keys, (k) => {
        const name = keyOf(k);
        if (name === null)
            setUnknown(m, d, k);
        else
            write(m, d.scope, name, v);
        return NONE;
    });
}
function setUnknown(m, d, k) {
    const proof = isUnhashable(k);
    if (proof)
        raiseProven(m, proof, "TypeError", `unhashable type: '${typeName(k)}'`);
    openUp(m, d, unknown(k.t === "unknown" ? k.reason : "a key that is not known"));
    if (mayBeUnhashable(k))
        mayRaise(m, TRUE, unknown("whether an object can be a key"));
}
const NUMBER_OF_ARGUMENTS = {
    get: [1, 2],
    setdefault: [1, 2],
    pop: [1, 2],
    popitem: [0, 0],
    update: [0, 1],
    copy: [0, 0],
    clear: [0, 0],
    keys: [0, 0],
    values: [0, 0],
    items: [0, 0],
};
/** A method of a dict; null for what is not modelled. */
function dictMethod(m, self, name) {
    const arity = Object.hasOwn(NUMBER_OF_ARGUMENTS, name) ? NUMBER_OF_ARGUMENTS[name] : undefined;
    if (!arity)
        return null;
    return values_native(name, (args, kwargs) => {
        if (args.length < arity[0] || args.length > arity[1] || (kwargs.size > 0 && name !== "update"))
            return gap(`the arguments of dict.${name}`);
        return called(m, self, name, args, kwargs);
    });
}
function called(m, self, name, args, kwargs) {
    const [first = NONE, second = NONE] = args;
    switch (name) {
        case "get":
            return dictGet(m, self, first, () => second);
        case "setdefault": {
            const found = dictGet(m, self, first, () => second);
            dictSet(m, self, first, found);
            return found;
        }
        case "pop": {
            // An empty dict does not look at the key, also one that no dict takes.
            const odd = leaves(first).some((key) => key.t !== "unknown" && keyOf(key) === null);
            if (odd && !keysOf(self).some(({ when }) => always(when)))
                return gap("an item of a dict");
            const found = dictGet(m, self, first, args.length > 1 ? () => second : null);
            if (possible(m.pc))
                dictDelete(m, self, first);
            return found;
        }
        case "popitem":
            return popItem(m, self);
        case "update":
            for (const a of args)
                updateFrom(m, self, a);
            for (const [k, v] of kwargs)
                write(m, self.scope, k, v);
            return NONE;
        case "copy":
            return copyDict(m, self);
        case "clear":
            for (const k of [...self.scope.slots.keys()])
                remove(m, self, k);
            return NONE;
        case "keys":
            return view(m, self, "dict_keys", ({ key }) => key);
        case "values":
            return view(m, self, "dict_values", ({ value }) => value);
        case "items":
            return view(m, self, "dict_items", ({ key, value }) => tuple([key, value]));
        default:
            return gap(`dict.${name}`);
    }
}
/** The last item, where it is certain which that is. */
function popItem(m, self) {
    const items = keysOf(self);
    const last = items.at(-1);
    const sure = !self.open && items.every(({ when }) => always(when)) && always(relative(m, self.scope.born));
    if (sure && !last && !self.scope.places)
        return raise(m, "KeyError", "popitem(): dictionary is empty");
    if (!sure || !last || self.scope.places) {
        openUp(m, self, unknown("a dict that an item was taken from"), true);
        return gap("an item of a dict");
    }
    self.scope.slots.delete(keyOf(last.key) ?? "");
    return tuple([last.key, last.value]);
}
function view(m, self, kind, pick) {
    let content = tuple([]);
    for (const { key, when, value } of keysOf(self))
        content = list_content_appendWhere(m, content, when, pick({ key, value: presentPart(m, value) }));
    if (self.open)
        content = pure(m, [content], ([c]) => tuple([...itemsIn(c), { ...unknown(self.open?.reason ?? ""), splat: true }]));
    return reading({ ...list([], m.pc), content, kind, of: self }, [self], "values");
}
/** A slot without the worlds in which it is missing. */
function presentPart(m, v) {
    const here = narrow(m, v);
    if (here.t !== "choice")
        return here;
    const there = toCondition(here, (o) => o.t !== "missing");
    return possible(there)
        ? pure(m, [here], ([o]) => (o?.t === "missing" ? unknown("missing") : o))
        : here;
}
function dictDelete(m, self, key) {
    each(m, key, (k) => {
        const name = keyOf(k);
        if (name !== null)
            remove(m, self, name);
        else
            openUp(m, self, unknown("an item was taken out that is not known"), true);
        return NONE;
    });
}
/** A key that is put in again comes last. */
function remove(m, self, name) {
    if (always(relative(m, self.scope.born)) && !self.scope.places)
        self.scope.slots.delete(name);
    else
        write(m, self.scope, name, MISSING);
}
/** `d.update(other)`, with dicts, pairs and unknowns. */
function updateFrom(m, self, other) {
    const start = narrow(m, other);
    if (start.t === "choice") {
        each(m, start, (o) => {
            updateFrom(m, self, o);
            return NONE;
        });
        return;
    }
    if (start.t === "dict") {
        for (const [k, v] of start.scope.slots)
            writePresent(m, self, k, v);
        if (start.open)
            openUp(m, self, start.open);
    }
    else if (start.t === "unknown")
        openUp(m, self, start);
    else if (start.t === "instance" && !lacksAttribute(start, "keys")) {
        // Of what has keys() Python takes the items.
        openUp(m, self, unknown(`the items of a ${start.cls.name}`));
        gap(`the items of a ${start.cls.name}`);
    }
    else {
        const content = itemsOrRaise(m, start);
        if (!possible(m.pc))
            return;
        each(m, content, (c) => {
            for (const pair of itemsIn(c))
                if (possible(m.pc))
                    setPair(m, self, pair);
            return NONE;
        });
    }
}
/** One of the pairs of an update. */
function setPair(m, self, pair) {
    const parts = pair.t === "tuple"
        ? pair.items
        : pair.t === "list" && !pair.pending && pair.content.t === "tuple"
            ? pair.content.items
            : null;
    const open = parts?.some((x) => x.t === "unknown" && x.splat) || (pair.t === "unknown" && pair.splat);
    if (parts?.length === 2 && !open) {
        dictSet(m, self, parts[0], parts[1]);
        return;
    }
    if (pair.t === "str" && [...pair.v].length === 2) {
        const [k = "", v = ""] = [...pair.v];
        dictSet(m, self, str(k), str(v));
        return;
    }
    if (!open && (parts || pair.t === "str"))
        raise(m, "ValueError", "dictionary update sequence element has not 2 items");
    if (pair.t === "num" || pair.t === "none" || pair.t === "bool")
        raiseProven(m, isNoIterable(pair), "TypeError", "cannot convert dictionary update sequence element");
    openUp(m, self, unknown("an update that is not known"));
    if (!open)
        gap("an update that is not known");
}
function writePresent(m, self, k, v) {
    const here = narrow(m, v);
    const there = toCondition(here, (o) => o.t !== "missing");
    if (!possible(there))
        return;
    const old = self.scope.slots.get(k) ?? MISSING;
    write(m, self.scope, k, ite(there, here, old));
}
/** A dict from constant keys. */
function dictOf(m, entries) {
    const d = dict(m.pc);
    for (const [k, v] of entries)
        d.scope.slots.set(k, v);
    return d;
}

;// CONCATENATED MODULE: ./build/src/python/objects/equality.js












/** The condition under which two values are equal, as `==` says. */
function equal(m, a, b) {
    for (const [one, other] of [
        [a, b],
        [b, a],
    ])
        if (one.t === "choice")
            for (const o of leaves(other))
                if (o.t === "str")
                    interest(m, one, o.v);
    return asCondition(m, pure(m, [a, b], ([x, y]) => leafEqual(m, x, y)));
}
function leafEqual(m, a, b) {
    spend(); // what holds itself many times over is compared as often
    if (a.t === "unknown" || b.t === "unknown") {
        if (a === b)
            return TRUE;
        const u = (a.t === "unknown" ? a : b);
        const other = a.t === "unknown" ? b : a;
        if (other.t === "none" && (u.type || u.truthy))
            return FALSE;
        if (other.t === "str" && u.type === "str" && u.truthy && other.v === "")
            return FALSE;
        return factAbout(m, u, `== ${keyOf(other) ?? "something"}`);
    }
    // Members of an enumeration that are texts or numbers too are equal to these.
    const [va, vb] = [plain(a), plain(b)];
    if (va !== a || vb !== b)
        return equal(m, va, vb);
    const ka = keyOf(a);
    const kb = keyOf(b);
    if (ka !== null && kb !== null)
        return bool(ka === kb);
    if (a.t === "set" || b.t === "set") {
        if (a.t !== "set" || b.t !== "set")
            return (a.t === "list" && a.kind) || (b.t === "list" && b.kind) ? gap("a comparison of a set") : FALSE;
        return equalSets(m, a, b);
    }
    if (a.t === "tuple" || a.t === "list") {
        if (a.t !== b.t)
            return FALSE;
        const kind = (a.kind ?? "") === (b.kind ?? "");
        if (a.t === "list" && (a.kind || !kind) && a !== b)
            return /^(dict_keys|dict_items)$/.test(`${a.kind}${b.kind}`)
                ? gap("views")
                : kind && !a.once
                    ? gap("kinds of lists")
                    : FALSE;
        if (!kind)
            return FALSE;
        const left = contentOf(a);
        const right = contentOf(b);
        return pure(m, [left, right], ([x, y]) => equalItems(m, itemsIn(x), itemsIn(y)));
    }
    if (a.t === "dict" && b.t === "dict")
        return equalDicts(m, a, b);
    if (a.t === "instance" && b.t === "instance" && a !== b)
        return differentObjects(a, b);
    if ((a.t === "native" || a.t === "bound") && a.t === b.t && a !== b)
        return gap("whether two functions are one");
    return bool(a === b);
}
/** Objects without `__eq__` are equal to nothing but themselves; those of models and of Python's own may have one. */
function differentObjects(a, b) {
    return lacksOwnEquality(a) && lacksOwnEquality(b) ? FALSE : gap("whether two objects are equal");
}
function plain(o) {
    return o.t === "instance" ? (o.scope.slots.get("\0value") ?? o) : o;
}
function equalItems(m, a, b) {
    const loose = [...a, ...b].find((v) => v.t === "unknown" && v.splat);
    // A question about both sides, so not one that another comparison may answer.
    if (loose?.t === "unknown")
        return fact(m, loose.reason, loose.from);
    if (a.length !== b.length)
        return FALSE;
    let all = TRUE;
    for (const [i, x] of a.entries())
        all = and(all, equal(m, x, b[i]));
    return all;
}
function equalSets(m, a, b) {
    return pure(m, [a.content, b.content], ([x, y]) => {
        const left = itemsIn(x);
        const right = itemsIn(y);
        let all = TRUE;
        for (const item of left)
            all = and(all, memberOf(m, item, right));
        for (const item of right)
            all = and(all, memberOf(m, item, left));
        return all;
    });
}
function equalDicts(m, a, b) {
    const open = a.open ?? b.open;
    if (open)
        return fact(m, open.reason, open.from);
    let all = TRUE;
    for (const key of new Set([...a.scope.slots.keys(), ...b.scope.slots.keys()])) {
        const x = narrow(m, a.scope.slots.get(key) ?? MISSING);
        const y = narrow(m, b.scope.slots.get(key) ?? MISSING);
        all = and(all, equal(m, x, y));
    }
    return all;
}
/** The condition under which `item in items`. */
function memberOf(m, item, items) {
    let found = FALSE;
    let loose = null;
    for (const other of items) {
        const among = elementsOf(other);
        if (among)
            for (const one of among)
                found = or(found, and(one.when, equal(m, one.item, item)));
        else if (other.t === "unknown" && other.splat)
            loose = other;
        else
            found = or(found, equal(m, other, item));
        if (found === TRUE)
            return TRUE;
    }
    if (loose?.t === "unknown") {
        const key = keyOf(narrow(m, item)) ?? "?";
        return or(found, factAbout(m, loose, `has ${key}`));
    }
    return found;
}
/** The condition under which `item in container`; raises TypeError for what has no members. */
function contains(m, item, container, fail) {
    switch (container.t) {
        case "tuple":
            return memberOf(m, item, container.items);
        case "list":
        case "set":
            if (container.t === "set" && leaves(item).some((o) => isUnhashable(o)))
                return gap("an element that cannot be one");
            return pure(m, [container.content], ([c]) => memberOf(m, item, itemsIn(c)));
        case "dict":
            return pure(m, [item], ([k]) => hasKey(m, container, k));
        case "str":
            for (const o of leaves(item))
                if (o.t === "str")
                    interest(m, container, o.v);
            return pure(m, [item], ([o]) => {
                if (o?.t === "unknown")
                    return factAbout(m, o, `in ${container.v}`);
                if (o?.t !== "str")
                    return fail(isNone(o, "str"), "'in <string>' requires string as left operand");
                return bool(container.v.includes(o.v));
            });
        case "unknown": {
            const key = keyOf(narrow(m, item));
            return factAbout(m, container, `has ${key ?? "?"}`);
        }
        case "class":
            if (container.members)
                return memberOf(m, item, container.members);
            return fail(isNoContainer(container), `argument of type '${typeName(container)}' is not iterable`);
        default:
            return fail(isNoContainer(container), `argument of type '${typeName(container)}' is not iterable`);
    }
}
const isNoContainer = (o) => lacksAll(o, "__contains__", "__iter__", "__getitem__");
function hasKey(m, d, k) {
    if (k.t === "unknown")
        return fact(m, k.reason, k.from);
    const key = keyOf(k);
    if (key === null)
        return raiseProven(m, isUnhashable(k), "TypeError", `unhashable type: '${typeName(k)}'`);
    const slot = key === null ? undefined : d.scope.slots.get(key);
    const known = slot ? toCondition(slot, (x) => x.t !== "missing") : FALSE;
    return d.open ? or(known, factAbout(m, d.open, `has ${key}`)) : known;
}

;// CONCATENATED MODULE: ./build/src/python/source/paths.js
/** posixpath: pure functions on text, as Python's. */
function joinPath(...parts) {
    let out = "";
    for (const part of parts) {
        if (part.startsWith("/"))
            out = part;
        else if (out === "" || out.endsWith("/"))
            out += part;
        else
            out += `/${part}`;
    }
    return out;
}
function normPath(path) {
    if (path === "")
        return ".";
    const absolute = path.startsWith("/");
    const out = [];
    for (const part of path.split("/")) {
        if (part === "" || part === ".")
            continue;
        if (part !== "..")
            out.push(part);
        else if (out.length > 0 && out.at(-1) !== "..")
            out.pop();
        else if (!absolute)
            out.push("..");
    }
    const text = out.join("/");
    return absolute ? `/${text}` : text || ".";
}
function dirName(path) {
    const cut = path.lastIndexOf("/");
    if (cut < 0)
        return "";
    const head = path.slice(0, cut + 1);
    return /^\/+$/.test(head) ? head : head.replace(/\/+$/, "");
}
function baseName(path) {
    return path.slice(path.lastIndexOf("/") + 1);
}
function splitExtension(path) {
    const base = baseName(path);
    const dot = base.lastIndexOf(".");
    if (dot <= 0 || /^\.*$/.test(base.slice(0, dot)))
        return [path, ""];
    return [path.slice(0, path.length - (base.length - dot)), base.slice(dot)];
}
/** What pathlib makes of text: no doubled or final slashes, no single dots. */
function cleanPath(path) {
    const absolute = path.startsWith("/");
    const parts = path.split("/").filter((p) => p !== "" && p !== ".");
    return (absolute ? "/" : "") + parts.join("/") || ".";
}
/** `a` as seen from `from`; both absolute, or both relative to one folder. */
function relativePath(a, from) {
    const [x = [], y = []] = [a, from].map((path) => normPath(path)
        .split("/")
        .filter((p) => p && p !== "."));
    let i = 0;
    while (i < x.length && x[i] === y[i])
        i++;
    return [...Array(y.length - i).fill(".."), ...x.slice(i)].join("/") || ".";
}
/** fnmatch and glob patterns as the source of a regular expression; `**` crosses folders. */
function globPattern(pattern) {
    let out = "";
    for (let i = 0; i < pattern.length; i++) {
        const c = pattern[i];
        if (c === "*" && pattern[i + 1] === "*") {
            out += pattern[i + 2] === "/" ? "(?:.*/)?" : ".*";
            i += pattern[i + 2] === "/" ? 2 : 1;
        }
        else if (c === "*")
            out += "[^/]*";
        else if (c === "?")
            out += "[^/]";
        else if (c === "[") {
            const end = pattern.indexOf("]", i + 2);
            if (end < 0)
                out += "\\[";
            else {
                out += `[${pattern
                    .slice(i + 1, end)
                    .replace(/^!/, "^")
                    .replace(/\\/g, "\\\\")}]`;
                i = end;
            }
        }
        else
            out += c.replace(/[.+^${}()|\\]/g, "\\$&");
    }
    return `^${out}$`;
}

;// CONCATENATED MODULE: ./build/src/python/objects/operators/arithmetic.js



/** A number, or a flag seen as one. */
const numeric = (o) => o.t === "num" ? o : o.t === "bool" ? { v: o.v ? 1 : 0, float: false } : null;
/** A whole number that JavaScript can tell from its neighbours; others are not followed. */
const whole = (v) => Number.isSafeInteger(v) ? num(v) : gap("a very large number", { type: "int" });
const result = (v, float) => (float ? num(v, true) : whole(v));
/** `a OP b` of two numbers as CPython computes it. */
function arithmetic(m, op, left, right) {
    const [a, b] = [numeric(left), numeric(right)];
    const float = a.float || b.float;
    switch (op) {
        case "Add":
            return result(a.v + b.v, float);
        case "Sub":
            return result(a.v - b.v, float);
        case "Mult":
            return result(a.v * b.v, float);
        case "Div":
            return b.v === 0 ? raise(m, "ZeroDivisionError", "division by zero") : num(a.v / b.v, true);
        case "FloorDiv":
            if (b.v === 0)
                return raise(m, "ZeroDivisionError", "division by zero");
            return float ? num(floorDiv(a.v, b.v), true) : whole(Math.floor(a.v / b.v));
        case "Mod":
            if (b.v === 0)
                return raise(m, "ZeroDivisionError", "modulo by zero");
            return result(modulo(a.v, b.v) + 0, float);
        case "Pow":
            return power(m, a, b, float);
        default:
            return float
                ? raiseProven(m, refuses(op, left, right), "TypeError", `unsupported ${op}: '${typeName(left)}' and '${typeName(right)}'`)
                : bits(m, op, a.v, b.v, left.t === "bool" && right.t === "bool");
    }
}
/** The remainder has the sign of what it is divided by. */
function modulo(a, b) {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}
function floorDiv(a, b) {
    const exact = (a - modulo(a, b)) / b;
    const floor = Math.floor(exact);
    return exact - floor > 0.5 ? floor + 1 : floor;
}
function power(m, a, b, float) {
    if (a.v === 0 && b.v < 0)
        return raise(m, "ZeroDivisionError", "0.0 cannot be raised to a negative power");
    const v = a.v ** b.v;
    if (float || b.v < 0)
        return Number.isFinite(v) ? num(v, true) : gap("a very large power");
    return whole(v);
}
const SMALL = 0x7fffffff;
function bits(m, op, a, b, flags) {
    if (op === "LShift" || op === "RShift") {
        if (b < 0)
            return raise(m, "ValueError", "negative shift count");
        return op === "LShift" ? whole(a * 2 ** b) : whole(Math.floor(a / 2 ** b));
    }
    if (Math.abs(a) > SMALL || Math.abs(b) > SMALL)
        return gap("a large number's bits", { type: "int" });
    const v = op === "BitOr" ? a | b : op === "BitAnd" ? a & b : op === "BitXor" ? a ^ b : gap(op);
    return flags ? bool(v === 1) : num(v);
}
/** `round(v)` and `round(v, digits)`: ties go to the even neighbour, by the exact value of the double. */
function rounded(v, float, digits) {
    if (!float)
        return digits === null || digits >= 0 ? whole(v) : gap("a rounded number");
    if (!Number.isFinite(v))
        return gap("a rounded number");
    const to = digits ?? 0;
    if (to < 0 || to > 20 || Math.abs(v) > 1e15)
        return gap("a rounded number");
    const text = fixed(v, to);
    return digits === null ? whole(Number(text)) : num(Number(text), true);
}
/** `format(v, ".Nf")` */
function fixed(v, digits) {
    if (Math.abs(v) >= 1e21 || digits > 40)
        return gap("a long number's text", { type: "str" });
    return isTie(v, digits) ? even(v, digits) : v.toFixed(digits);
}
function isTie(v, digits) {
    const exact = Math.abs(v).toFixed(Math.min(100, digits + 60));
    const after = exact.slice(exact.indexOf(".") + 1 + digits);
    return /^50*$/.test(after);
}
/** Between two neighbours that are equally near: the one whose last digit is even. */
function even(v, digits) {
    const exact = Math.abs(v).toFixed(Math.min(100, digits + 60));
    const down = exact.slice(0, exact.indexOf(".") + (digits > 0 ? 1 + digits : 0));
    const up = v.toFixed(digits).replace(/^-/, "");
    const last = Number(down.at(-1));
    const raised = (Number(down) + 10 ** -digits).toFixed(digits);
    return (v < 0 ? "-" : "") + (last % 2 === 0 ? down : up === down ? raised : up);
}

;// CONCATENATED MODULE: ./build/src/python/source/blanks.js
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python takes them for blanks
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
/** Does `str.isspace` hold for a character? */
const isSpace = (c) => SPACE.test(c);
/** Does `bytes.isspace` hold for a byte? */
const isByteSpace = (c) => /[\t-\r ]/.test(c);
/** `text.strip()` */
function trimmed(text) {
    let from = 0;
    let to = text.length;
    while (from < to && isSpace(text[from]))
        from++;
    while (to > from && isSpace(text[to - 1]))
        to--;
    return text.slice(from, to);
}

;// CONCATENATED MODULE: ./build/src/python/objects/text.js












/** `str(value)`. */
function toText(m, v) {
    if (leaves(v).some((o) => o.t === "instance" && !o.message))
        return each(m, v, (o) => {
            const by = o.t === "instance" ? ["__str__", "__repr__"].find((name) => classSlot(m, o.cls, name)) : undefined;
            return by ? callMethod(m, o, by, []) : pure(m, [o], ([x]) => leafText(m, x, false));
        });
    return pure(m, [v], ([o]) => leafText(m, o, false));
}
/** `repr(value)`. */
function toRepr(m, v) {
    if (m.nested === 0 && leaves(v).some((o) => o.t === "instance" && classSlot(m, o.cls, "__repr__")))
        return each(m, v, (o) => o.t === "instance" && classSlot(m, o.cls, "__repr__") ? callMethod(m, o, "__repr__", []) : toRepr(m, o));
    return pure(m, [v], ([o]) => leafText(m, o, true));
}
function leafText(m, o, repr) {
    switch (o.t) {
        case "none":
            return str("None");
        case "bool":
            return str(o.v ? "True" : "False");
        case "num":
            return str(numberText(o.v, o.float));
        case "str":
            return repr ? quoted(o.v) : o;
        case "bytes":
            return /[^ -~\t\n\r]/.test(o.v) ? gap("text of bytes", { type: "str" }) : str(`b${quote(o.v)}`);
        case "path":
            return str(repr ? `PosixPath(${quote(o.v)})` : o.v);
        case "tuple":
            if (o.kind || o.fields)
                return gap(`text of a ${typeName(o)}`, { type: "str", truthy: true });
            return joined(m, o.items, "(", o.items.length === 1 ? ",)" : ")");
        case "list":
            if (o.kind)
                return gap(`text of a ${o.kind}`, { type: "str", truthy: true });
            return pure(m, [o.content], ([c]) => joined(m, itemsIn(c), "[", "]"));
        case "set":
            if (o.kind)
                return gap(`text of a ${o.kind}`, { type: "str", truthy: true });
            return pure(m, [inSomeOrder(m, o.content)], ([c]) => itemsIn(c).length === 0 ? str("set()") : joined(m, itemsIn(c), "{", "}"));
        case "dict": {
            if (o.kind || o.open || keysOf(o).some(({ when }) => !always(when)))
                return gap("text of a dict", { type: "str", truthy: true });
            const parts = keysOf(o).flatMap(({ key, value }) => [key, value]);
            return concat(m, parts.map((p) => toRepr(m, p)), (texts) => `{${texts.map((t, i) => (i % 2 ? `${t}${i < texts.length - 1 ? ", " : ""}` : `${t}: `)).join("")}}`);
        }
        case "instance":
            if (o.message && !o.ours && !repr && !isA(o.cls, "KeyError") && !isA(o.cls, "OSError"))
                return toText(m, o.message);
            if (o.message)
                return { ...unknown("the text of an exception"), type: "str" };
            return { ...unknown(`text of a ${o.cls.name}`), type: "str", truthy: true };
        case "unknown":
            return { ...o, type: "str", ...(o.type === "str" ? {} : { truthy: true }) };
        default:
            return { ...unknown(`text of a ${o.t}`), type: "str", truthy: true };
    }
}
function joined(m, items, open, close) {
    spend(items.length);
    return concat(m, items.map((i) => toRepr(m, i)), (texts) => open + texts.join(", ") + close);
}
/** Puts texts together; what is not known makes the whole an unknown text. */
function concat(m, parts, make) {
    const choices = parts.filter((p) => p.t === "choice");
    if (choices.length > 3)
        return tooManyText(choices);
    return pure(m, parts, (found) => {
        const hidden = found.filter((o) => o.t === "unknown");
        if (hidden.length > 0)
            return hiddenText(found, hidden, make);
        return str(make(found.map((o) => (o.t === "str" || o.t === "bytes" || o.t === "path" ? o.v : ""))));
    });
}
function tooManyText(choices) {
    return { ...tooMany(choices), type: "str" };
}
function hiddenText(found, hidden, make) {
    const from = new Set(hidden.flatMap((u) => [...(u.from ?? [])]));
    const rest = make(found.map((o) => (o.t === "str" || o.t === "path" ? o.v : "")));
    const facts = rest !== "" || hidden.some((u) => u.truthy) ? { truthy: true } : {};
    const generated = hidden.some((u) => u.generated) ? { generated: true } : {};
    const length = hidden.every((u) => u.length !== undefined)
        ? { length: rest.length + hidden.reduce((n, u) => n + (u.length ?? 0), 0) }
        : {};
    return unknown(hidden[0].reason, { type: "str", from, ...facts, ...generated, ...length });
}
function numberText(v, float) {
    if (!Number.isFinite(v))
        return Number.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
    if (!float)
        return Math.abs(v) >= 1e21 ? BigInt(v).toString() : String(v);
    if (Object.is(v, -0))
        return "-0.0";
    const [digits = "", exponent = "0"] = v.toExponential().split("e");
    const e = Number(exponent);
    if (v === 0 || (e >= -4 && e < 16))
        return Number.isInteger(v) ? v.toFixed(1) : plainDigits(v, e);
    return `${digits}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
}
/** JavaScript writes small numbers with an exponent where Python does not yet. */
const plainDigits = (v, e) => e >= -6 ? String(v) : v.toFixed(Math.min(100, 20 - e)).replace(/0+$/, "");
/** `repr(text)`, as far as its characters are printed as they are. */
function quoted(text) {
    return /[^ -~\t\n\r]/.test(text)
        ? gap("repr() of a text", { type: "str", truthy: true })
        : str(quote(text));
}
function quote(text) {
    const escaped = text
        .replace(/\\/g, "\\\\")
        .replace(/\n/g, "\\n")
        .replace(/\t/g, "\\t")
        .replace(/\r/g, "\\r");
    return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}
/** `int(text, base)` as Python reads it; null when it raises ValueError. */
function parseInteger(text, base = 10) {
    if (/\P{ASCII}/u.test(text))
        return gap("int() of a text beyond ASCII", { type: "int" });
    const [, sign = "", prefix = "", body = ""] = /^([+-]?)(0[xXoObB](?=_?[0-9a-zA-Z]))?([0-9a-zA-Z_]*)$/.exec(trimmed(text)) ?? [];
    const own = { x: 16, o: 8, b: 2 }[prefix.slice(1).toLowerCase()] ?? 0;
    if (base !== 0 && (base < 2 || base > 36))
        return null;
    // "0b1" in base 16 is a number of three digits.
    const prefixed = own !== 0 && (base === 0 || base === own);
    const digits = prefixed ? body.replace(/^_/, "") : prefix + body;
    const by = base === 0 ? (prefixed ? own : 10) : base;
    if (!/^[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*$/.test(digits))
        return null;
    const plain = digits.replace(/_/g, "").toLowerCase();
    if (base === 0 && !prefixed && /^0+[^0]/.test(plain))
        return null;
    for (const c of plain)
        if (Number.parseInt(c, 36) >= by)
            return null;
    const v = Number.parseInt(plain, by);
    if (!Number.isSafeInteger(v))
        return gap("a very large number", { type: "int" });
    return sign === "-" ? 0 - v : v;
}
/** `float(text)`; null when it raises ValueError. */
function parseFloatText(text) {
    if (/\P{ASCII}/u.test(text))
        return gap("float() of a text beyond ASCII", { type: "float" });
    const t = trimmed(text).toLowerCase();
    if (/^[+-]?(inf|infinity)$/.test(t))
        return t.startsWith("-") ? -Infinity : Infinity;
    if (/^[+-]?nan$/.test(t))
        return Number.NaN;
    return /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(t)
        ? Number(t.replace(/_/g, ""))
        : null;
}

;// CONCATENATED MODULE: ./build/src/python/objects/formats.js





const lost = (reason) => gap(reason, { type: "str" });
/** `format(value, spec)` for the specs that settings use. */
function formatted(m, v, spec) {
    if (spec === "")
        return toText(m, v);
    return pure(m, [v], ([o]) => {
        if (!o || o.t === "unknown")
            return lost(o?.reason ?? "a format");
        const match = /^(?:(.)?([<>^=]))?([+ -])?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/su.exec(spec);
        if (!match)
            return lost(`format ${spec}`);
        const [, fill, align, sign = "", zero, width, comma, digits, kind] = match;
        const number = o.t === "num" || (o.t === "bool" && kind && kind !== "s") ? numeric(o) : null;
        if (!number && (o.t !== "str" || sign || comma || align === "=" || zero || (kind && kind !== "s")))
            return lost(`format ${spec}`);
        const body = number
            ? numberBody(number, kind, digits === undefined ? null : Number(digits), o.t === "num" && o.float)
            : [...o.v].slice(0, digits === undefined ? undefined : Number(digits)).join("");
        const minus = body.startsWith("-") ? "-" : number && /[+ ]/.test(sign) ? sign : "";
        let text = body.replace(/^-/, "");
        if (comma)
            text = formats_grouped(text, kind);
        return str(padded(text, minus, Number(width ?? 0), fill ?? (zero ? "0" : " "), align ?? (zero && number ? "=" : number ? ">" : "<")));
    });
}
function numberBody(n, kind, digits, float) {
    if (!Number.isFinite(n.v))
        return lost("format of no finite number");
    if (kind === "f" || kind === "F")
        return fixed(n.v, digits ?? 6);
    if (kind === "%")
        return `${fixed(n.v * 100, digits ?? 6)}%`;
    if (digits !== null || (kind && (float || !/^[dxXbo]$/.test(kind))))
        return lost("a format of numbers");
    if (!kind || kind === "d")
        return numberText(n.v, float);
    const text = n.v.toString({ b: 2, o: 8 }[kind] ?? 16);
    return kind === "X" ? text.toUpperCase() : text;
}
function formats_grouped(text, kind) {
    if (kind && !/^[df%F]$/.test(kind))
        return lost("groups of digits");
    const [whole = "", ...rest] = text.split(".");
    if (/e/.test(text))
        return lost("groups of digits");
    return [whole.replace(/\B(?=(\d{3})+(?!\d))/g, ","), ...rest].join(".");
}
function padded(text, sign, width, fill, align) {
    if (width > 10_000)
        return lost("a very long text");
    const missing = width - [...text].length - sign.length;
    if (missing <= 0)
        return sign + text;
    if (align === "=")
        return text.includes(",") && fill === "0"
            ? lost("zeros between groups")
            : sign + fill.repeat(missing) + text;
    const left = align === ">" ? missing : align === "<" ? 0 : missing >> 1;
    return fill.repeat(left) + sign + text + fill.repeat(missing - left);
}
const CONVERSION = /%(?:\(([^)]*)\))?([#0\- +]*)(\d+|\*)?(?:\.(\d+))?([a-zA-Z%])/g;
/** `template % arguments` */
function percent(m, template, args) {
    const parts = [];
    if (args.t === "tuple" && args.items.some((x) => x.t === "unknown" && x.splat))
        return lost("arguments of a format");
    if (/%/.test(template.replace(CONVERSION, "")))
        return lost("a format");
    const items = args.t === "tuple" ? args.items : [args];
    let next = 0;
    let last = 0;
    let named = false;
    for (const match of template.matchAll(CONVERSION)) {
        parts.push(str(template.slice(last, match.index)));
        last = match.index + match[0].length;
        const [whole, key, flags = "", width = "", digits, kind = ""] = match;
        if (kind === "%") {
            if (whole !== "%%")
                return lost("a format");
            parts.push(str("%"));
            continue;
        }
        named ||= key !== undefined;
        const value = key !== undefined ? byKey(m, args, key) : items[next++];
        if (value === undefined || width === "*" || /[# +]/.test(flags))
            return lost("a format");
        parts.push(converted(m, value, kind, flags, width, digits));
    }
    // Arguments that nothing asks for are a TypeError, except what has items by itself: a dict, a list.
    if (!named && next < items.length && args.t !== "dict" && args.t !== "list")
        return lost("a format with too many arguments");
    parts.push(str(template.slice(last)));
    return concat(m, parts, (texts) => texts.join(""));
}
function byKey(m, args, key) {
    if (args.t === "unknown")
        return args;
    if (args.t !== "dict")
        return lost("a format");
    const found = args.scope.slots.get(key) ?? args.open;
    if (!found)
        return args.kind ? lost("a format") : raise(m, "KeyError", key);
    return pure(m, [found], ([o]) => (o?.t === "missing" ? raise(m, "KeyError", key) : o));
}
function converted(m, value, kind, flags, width, digits) {
    const zero = flags.includes("0") && !flags.includes("-") && kind !== "s" && kind !== "r" ? "0" : "";
    const side = flags.includes("-") ? "<" : kind === "s" || kind === "r" ? ">" : "";
    const cut = digits === undefined ? "" : `.${digits}`;
    if (kind === "s" || kind === "r") {
        const text = kind === "r" ? toRepr(m, value) : toText(m, value);
        return width || cut ? formatted(m, text, `${side}${width}${cut}`) : text;
    }
    if (!/^[difFxX]$/.test(kind) || (/[dixX]/.test(kind) && cut))
        return lost("a format");
    return pure(m, [value], ([o]) => {
        const n = o ? numeric(o) : null;
        if (o?.t === "unknown")
            return lost(o.reason);
        if (!n || (n.float && /[xX]/.test(kind)))
            return lost("a format of no number");
        const given = /[di]/.test(kind) && n.float
            ? { t: "num", v: Math.trunc(n.v), float: false }
            : { t: "num", v: n.v, float: n.float };
        const spec = /[fF]/.test(kind) ? `${cut || ".6"}f` : kind.replace(/[di]/, "d");
        return formatted(m, given, `${side}${zero}${width}${spec}`);
    });
}
/** `template.format(*args, **kwargs)`; `lookup` finds attributes and items of what is named. */
function formatCall(m, template, args, kwargs, lookup) {
    const rule = /\{\{|\}\}|\{([^{}:!]*)(?:!([rs]))?(?::([^{}]*))?\}/g;
    if (/[{}]/.test(template.replace(rule, "")) || kwargs.has("\0open"))
        return lost("a format");
    const parts = [];
    let auto = 0;
    let last = 0;
    for (const match of template.matchAll(rule)) {
        parts.push(str(template.slice(last, match.index)));
        last = match.index + match[0].length;
        if (match[0] === "{{" || match[0] === "}}") {
            parts.push(str(match[0].slice(1)));
            continue;
        }
        const [, field = "", conversion, spec = ""] = match;
        const [, name = "", path = ""] = /^([^.[]*)(.*)$/s.exec(field) ?? [];
        const numbered = /^\d+$/.test(name);
        if ((numbered && auto > 0) || (name === "" && auto < 0))
            return lost("a format with and without numbers");
        if (numbered)
            auto = -1;
        const given = name === "" ? args[auto++] : numbered ? args[Number(name)] : kwargs.get(name);
        if (given === undefined)
            return raise(m, name === "" || numbered ? "IndexError" : "KeyError", name);
        const value = pure(m, [given], ([o]) => (o?.t === "missing" ? raise(m, "KeyError", name) : o));
        const found = path ? lookup(value, path) : value;
        parts.push(formatted(m, conversion === "r" ? toRepr(m, found) : conversion ? toText(m, found) : found, spec));
    }
    parts.push(str(template.slice(last)));
    return concat(m, parts, (texts) => texts.join(""));
}

;// CONCATENATED MODULE: ./build/src/python/objects/operators/comparisons.js









/** A member of an enumeration of texts or numbers is one. */
function plainOf(o) {
    const v = o.t === "instance" ? o.scope.slots.get("\0value") : undefined;
    return v && v.t !== "choice" ? v : o;
}
/** `a OP b` for comparison operators; a condition. */
function compare(m, op, a, b) {
    return asCondition(m, compared(m, op, a, b));
}
function compared(m, op, a, b) {
    switch (op) {
        case "Eq":
            return equal(m, a, b);
        case "NotEq":
            return not(equal(m, a, b));
        case "Is":
            return identical(m, a, b);
        case "IsNot":
            return not(identical(m, a, b));
        case "In":
            return pure(m, [b], ([c]) => contains(m, a, c, (proof, what) => raiseProven(m, proof, "TypeError", what)));
        case "NotIn":
            return not(asCondition(m, pure(m, [b], ([c]) => contains(m, a, c, (proof, what) => raiseProven(m, proof, "TypeError", what)))));
        default:
            return pure(m, [a, b], ([x, y]) => comparisons_ordered(m, op, x, y));
    }
}
function identical(m, a, b) {
    return pure(m, [a, b], ([x, y]) => {
        if (!x || !y)
            return FALSE;
        if (x === y)
            return bool(true);
        if (x.t === "unknown" || y.t === "unknown")
            return equal(m, x, y);
        if (x.t !== y.t)
            return FALSE;
        switch (x.t) {
            case "none":
            case "bool":
            case "ellipsis":
                return equal(m, x, y);
            // Objects that can be changed are told apart by what holds their content.
            case "dict":
                return bool(y.t === "dict" && x.scope === y.scope);
            case "list":
            case "set":
            case "instance":
            case "class":
            case "module":
            case "func":
                return bool(false);
            default: {
                // Equal constants may be one object or two.
                const same = equal(m, x, y);
                return same.t === "bool" && !same.v ? FALSE : gap("whether equal values are one object");
            }
        }
    });
}
function comparisons_ordered(m, op, first, second) {
    const [a, b] = [plainOf(first), plainOf(second)];
    if (a.t === "set" && b.t === "set")
        return gap("a comparison of sets");
    if (a.t === "unknown" || b.t === "unknown")
        return factAbout(m, (a.t === "unknown" ? a : b), `${op} ${a.t === "num" ? a.v : b.t === "num" ? b.v : ""}`);
    const sign = comparisons_order(m, a, b);
    // Two types that have no order have none whatever is in them.
    const proof = sign === null ? refuses("order", a, b) : null;
    const open = sign === null && !proof ? (openItem(a) ?? openItem(b)) : null;
    if (open)
        return gap(open.reason, open.from ? { from: open.from } : {});
    if (sign === null)
        return raiseProven(m, proof, "TypeError", `'${op}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
    return bool(op === "Lt" ? sign < 0 : op === "LtE" ? sign <= 0 : op === "Gt" ? sign > 0 : sign >= 0);
}
/** What keeps a sequence from being ordered: an element of which only the environment knows what it is. */
function openItem(o) {
    const content = contentOf(o);
    if (!content)
        return null;
    const items = content.t === "tuple" ? content.items.flatMap(leaves) : leaves(content);
    const hidden = items.find((x) => x.t === "unknown");
    if (hidden?.t === "unknown")
        return hidden;
    const open = content.t === "choice" || items.length > (content.t === "tuple" ? content.items.length : 1);
    return open ? unknown("an order that depends on the environment") : null;
}
/** Negative, zero or positive as Python orders them; null when it does not. */
function comparisons_order(m, a, b) {
    if (a.t === "choice" || b.t === "choice")
        return null;
    const [x, y] = [numeric(a), numeric(b)];
    if (x && y)
        return Number.isNaN(x.v) || Number.isNaN(y.v) ? null : x.v < y.v ? -1 : x.v > y.v ? 1 : 0;
    if ((a.t === "str" && b.t === "str") || (a.t === "bytes" && b.t === "bytes"))
        return /[\ud800-\udfff]/.test(a.v + b.v) ? null : a.v < b.v ? -1 : a.v > b.v ? 1 : 0;
    if (a.t === "path" && b.t === "path")
        return comparisons_order(m, tuple(a.v.split("/").map(str)), tuple(b.v.split("/").map(str)));
    if (a.t !== b.t || (a.t !== "tuple" && a.t !== "list") || a.kind || b.kind)
        return null;
    const [ca, cb] = [contentOf(a), contentOf(b)];
    if (ca?.t === "tuple" && cb?.t === "tuple") {
        for (let i = 0; i < Math.min(ca.items.length, cb.items.length); i++) {
            const [p, q] = [ca.items[i], cb.items[i]];
            const same = equal(m, p, q);
            if (same.t !== "bool")
                return null;
            if (!same.v)
                return comparisons_order(m, p, q);
        }
        return ca.items.length - cb.items.length;
    }
    return null;
}

;// CONCATENATED MODULE: ./build/src/python/objects/operators/set-operations.js






/** `a | b`, `a & b`, `a - b` and `a ^ b` of sets. */
function setOperation(m, op, a, b) {
    const content = pure(m, [a.content, b.content], ([x, y]) => {
        const [left, right] = [itemsIn(x), itemsIn(y)];
        if (op === "BitOr")
            return unique(m, [...left, ...right]);
        const keep = (item, others, wanted) => {
            const inside = memberOf(m, item, others);
            return wanted ? inside : not(inside);
        };
        const chosen = (from, others, wanted) => {
            let out = tuple([]);
            for (const item of from) {
                const there = item.t === "unknown" && item.splat ? TRUE : keep(item, others, wanted);
                out = pure(m, [out], ([o]) => ite(there, tuple([...itemsIn(o), item]), o));
            }
            return out;
        };
        const first = chosen(left, right, op === "BitAnd");
        if (op !== "BitXor")
            return first;
        return pure(m, [first, chosen(right, left, false)], ([p, q]) => tuple([...itemsIn(p), ...itemsIn(q)]));
    });
    return { t: "set", content, born: m.pc, id: nextId(), ...(a.kind ? { kind: a.kind } : {}) };
}
/** Items without those that are certainly there already. */
function unique(m, items) {
    const out = [];
    for (const item of items) {
        if (item.t === "choice" && leaves(item).some((one) => isUnhashable(one)))
            return gap("an element of a set");
        if (item.t !== "choice" && isUnhashable(item))
            return raiseProven(m, isUnhashable(item), "TypeError", `unhashable type: '${typeName(item)}'`);
        const there = memberOf(m, item, out.filter((i) => i.t !== "unknown"));
        if (!(there.t === "bool" && there.v))
            out.push(item);
    }
    return tuple(out);
}

;// CONCATENATED MODULE: ./build/src/python/objects/operators/binary.js












/** `a OP b` for built-in kinds; objects of project classes are handled by the caller. */
function binary(m, op, a, b) {
    return pure(m, [a, b], ([x, y]) => leafBinary(m, op, x, y));
}
function leafBinary(m, op, first, second) {
    const [a, b] = [plainOf(first), plainOf(second)];
    if (a.t === "unknown" || b.t === "unknown")
        return withUnknown(m, op, a, b);
    if (numeric(a) && numeric(b))
        return arithmetic(m, op, a, b);
    if (op === "Mod" && a.t === "str")
        return percent(m, a.v, b);
    const made = ofSequences(m, op, a, b) ?? ofPaths(op, a, b);
    if (made)
        return made;
    if (a.t === "set" && b.t === "set" && /^(BitOr|BitAnd|BitXor|Sub)$/.test(op))
        return setOperation(m, op, a, b);
    if (op === "BitOr" && a.t === "dict" && b.t === "dict" && !a.kind && !b.kind)
        return mergedDict(m, a, b);
    // `str | None` in annotations and the like.
    if (op === "BitOr" && (a.t === "class" || b.t === "class"))
        return unknown("a type", { truthy: true });
    return raiseProven(m, refuses(op, a, b), "TypeError", `unsupported operand type(s) for ${op}: '${typeName(a)}' and '${typeName(b)}'`);
}
function ofSequences(m, op, a, b) {
    if (op === "Add") {
        if ((a.t === "str" && b.t === "str") || (a.t === "bytes" && b.t === "bytes"))
            return textOrBytes(a.t, a.v + b.v);
        if (a.t === "tuple" && b.t === "tuple" && !a.kind && !b.kind)
            return joinedItems(a.items, b.items);
        if (a.t === "list" && b.t === "list" && !a.kind && !b.kind)
            return joinedList(m, a.content, b.content);
    }
    if (op !== "Mult")
        return null;
    const [seq, times] = numeric(b) ? [a, numeric(b)] : [b, numeric(a)];
    if (!times || times.float)
        return null;
    return repeated(m, seq, times.v);
}
function repeated(m, seq, n) {
    const times = Math.max(0, n);
    if (seq.t === "str" || seq.t === "bytes")
        return seq.v.length * times > 100_000
            ? gap("a very long repetition")
            : textOrBytes(seq.t, seq.v.repeat(seq.v === "" ? 1 : times));
    if ((seq.t !== "tuple" && seq.t !== "list") || seq.kind)
        return null;
    const many = pure(m, [contentOf(seq)], ([c]) => {
        const items = itemsIn(c);
        return items.length * times > 10_000
            ? gap("a very long repetition")
            : tuple(items.length === 0 ? [] : Array(times).fill(items).flat());
    });
    return seq.t === "tuple"
        ? many
        : { ...list([], m.pc), content: many.t === "unknown" ? tuple([{ ...many, splat: true }]) : many };
}
function ofPaths(op, a, b) {
    if (op !== "Div" || (a.t !== "path" && b.t !== "path"))
        return null;
    if (!(a.t === "path" || a.t === "str") || !(b.t === "path" || b.t === "str"))
        return null;
    return { t: "path", v: cleanPath(joinPath(a.v, b.v)) };
}
function withUnknown(m, op, a, b) {
    const u = (a.t === "unknown" ? a : b);
    const other = a.t === "unknown" ? b : a;
    if (op === "Add" && (other.t === "list" || other.t === "tuple") && !other.kind) {
        const splat = { ...u, splat: true };
        const content = contentOf(other);
        const all = pure(m, [content], ([c]) => tuple(a === other ? [...itemsIn(c), splat] : [splat, ...itemsIn(c)]));
        return other.t === "tuple" ? all : { ...list([], m.pc), content: all };
    }
    if (op === "Add" && (other.t === "str" || u.type === "str"))
        return concat(m, [a, b], (texts) => texts.join(""));
    if (op === "Mod" && a.t === "str")
        return percent(m, a.v, b);
    const from = u.from ? { from: u.from } : {};
    if (op === "BitOr" && other.t === "dict")
        return { ...values_dict(m.pc), open: u };
    if (op === "Div" && (other.t === "path" || u.type === "path"))
        return unknown(u.reason, { type: "path", truthy: true, ...from });
    return unknown(u.reason, from);
}
function joinedList(m, a, b) {
    const content = pure(m, [a, b], ([x, y]) => joinedItems(itemsIn(x), itemsIn(y)));
    return { ...list([], m.pc), content };
}
/** More elements than any setting has: a list that grows like that is not followed. */
const MAX_ITEMS = 50_000;
function joinedItems(a, b) {
    if (a.length + b.length > MAX_ITEMS)
        return tuple([unknown("a very long list", { splat: true })]);
    return tuple([...a, ...b]);
}
/** `-a`, `+a`, `~a`. */
function unary(m, op, v) {
    return pure(m, [v], ([o]) => {
        const n = o ? numeric(o) : null;
        if (o?.t === "unknown")
            return unknown(o.reason, o.from ? { from: o.from } : {});
        if (!n) {
            const name = { USub: "__neg__", UAdd: "__pos__", Invert: "__invert__" }[op] ?? "";
            return raiseProven(m, lacksAttribute(o, name), "TypeError", `bad operand type for unary ${op}`);
        }
        if (op === "Invert")
            return n.float
                ? raiseProven(m, lacksAttribute(o, "__invert__"), "TypeError", "bad operand type for unary ~")
                : num(-n.v - 1);
        return op === "USub" ? num(n.float ? -n.v : 0 - n.v, n.float) : num(n.v, n.float);
    });
}

;// CONCATENATED MODULE: ./build/src/python/objects/sorting.js





/** Items as `sorted(items, key=…, reverse=…)` puts them. */
function sorting_ordered(m, items, kwargs) {
    const key = kwargs.get("key");
    const down = kwargs.get("reverse") ?? FALSE;
    const by = key && key.t !== "none" ? (v) => callValue(m, key, [v]) : undefined;
    // Python takes whole numbers besides, and no other value for true or false.
    if (down.t !== "bool" && (down.t !== "num" || down.float))
        return gap("an order that is not known");
    const backwards = Boolean(down.v);
    // Equal elements stay in their order, backwards too.
    const out = sorted(m, backwards ? [...items].reverse() : items, by);
    return tuple(backwards ? out.reverse() : out);
}
/** Items in Python's order; TypeError where it has none. */
function sorted(m, items, key) {
    const keyed = items.map((item) => ({ item, by: key ? narrow(m, key(item)) : item }));
    for (const a of keyed)
        for (const b of keyed) {
            if (a === b)
                break;
            if (comparisons_order(m, a.by, b.by) === null)
                return gap("an order that is not known");
        }
    return keyed.sort((a, b) => comparisons_order(m, a.by, b.by) ?? 0).map((k) => k.item);
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/lists.js











const lists_NUMBER_OF_ARGUMENTS = {
    append: [1, 1],
    extend: [1, 1],
    insert: [2, 2],
    remove: [1, 1],
    pop: [0, 1],
    clear: [0, 0],
    reverse: [0, 0],
    sort: [0, 0],
    copy: [0, 0],
    index: [1, 3],
    count: [1, 1],
};
/** Is the method of lists modelled? */
const isListMethod = (name) => Object.hasOwn(lists_NUMBER_OF_ARGUMENTS, name);
/** A method of a list. */
function listMethod(m, self, name, args, kwargs = new Map()) {
    const [least, most] = lists_NUMBER_OF_ARGUMENTS[name] ?? [0, -1];
    const named = name === "sort" ? [...kwargs.keys()].filter((k) => k !== "key" && k !== "reverse") : [...kwargs.keys()];
    if (args.length < least || args.length > most || named.length > 0)
        return gap(`the arguments of list.${name}`);
    const [first = NONE, second = NONE] = args;
    switch (name) {
        case "append":
            mutate(m, self, (items) => [...items, first]);
            return NONE;
        case "extend":
            extend(m, self, first);
            return NONE;
        case "insert":
            insert(m, self, first, second);
            return NONE;
        case "remove":
            return lists_remove(m, self, first);
        case "pop":
            return pop(m, self, args[0] ?? num(-1));
        case "clear":
            mutate(m, self, () => []);
            return NONE;
        case "reverse":
            mutate(m, self, (items) => items.reverse());
            return NONE;
        case "sort":
            sortInPlace(m, self, kwargs);
            return NONE;
        case "copy":
            return { ...list([], m.pc), content: self.content };
        case "index":
            return args.length > 1
                ? gap("list.index")
                : pure(m, [self.content], ([c]) => indexOf(m, itemsIn(c), first));
        case "count":
            return pure(m, [self.content], ([c]) => num(timesIn(m, itemsIn(c), first)));
        default:
            return gap(`list.${name}`);
    }
}
/** Appends the items of an iterable. */
function extend(m, self, by) {
    const more = itemsOrRaise(m, by);
    setContent(m, self, pure(m, [self.content, more], ([c, x]) => joinedItems(itemsIn(c), itemsIn(x))));
}
function insert(m, self, at, v) {
    const next = pure(m, [self.content, at], ([c, i]) => {
        const items = [...itemsIn(c)];
        const hidden = items.some((x) => x.t === "unknown" && x.splat);
        if (i?.t === "unknown" || (hidden && i?.t === "num" && i.v !== 0))
            return tuple(somewhere(items, v));
        if (i?.t !== "num" || i.float)
            return raiseProven(m, isNone(i, "int"), "TypeError", "an index must be an integer");
        items.splice(i.v < 0 ? Math.max(0, items.length + i.v) : i.v, 0, v);
        return tuple(items);
    });
    setContent(m, self, next);
}
/** Where nobody knows the place, the items and the new one are there in some order. */
function somewhere(items, v) {
    const open = items.findIndex((x) => x.t === "unknown" && x.splat);
    return open < 0
        ? [unknown("items in an order that is not known", { splat: true })]
        : [...items.slice(0, open + 1), v, ...items.slice(open)];
}
function sortInPlace(m, self, kwargs) {
    const next = pure(m, [self.content], ([c]) => sorting_ordered(m, itemsIn(c), kwargs));
    setContent(m, self, next);
}
function indexOf(m, items, wanted) {
    for (const [i, item] of items.entries()) {
        if (item.t === "unknown" && item.splat)
            return gap(`position after ${item.reason}`);
        const same = equal(m, item, wanted);
        if (same.t === "bool" && same.v)
            return num(i);
        if (possible(same))
            return gap("position of an element that may differ");
    }
    return raise(m, "ValueError", "is not in list");
}
function timesIn(m, items, wanted) {
    return items.filter((item) => {
        const same = item.t === "unknown" && item.splat
            ? gap("a number of elements", { type: "int" })
            : equal(m, item, wanted);
        return same.t === "bool" ? same.v : gap("a number of elements", { type: "int" });
    }).length;
}
/** Takes out the first item that is equal. */
function lists_remove(m, self, wanted) {
    const doubted = pure(m, [self.content], ([c]) => bool(mayLack(m, itemsIn(c), wanted)));
    if (!possible(m.pc))
        return NONE;
    const isDoubted = toCondition(doubted, (o) => o.t !== "bool" || o.v);
    if (possible(isDoubted))
        mayRaise(m, isDoubted, unknown("whether it is in the list"));
    const next = pure(m, [self.content], ([c]) => lists_without(m, itemsIn(c), 0, wanted));
    setContent(m, self, next);
    return NONE;
}
/** Is something in the list of which nobody knows what it is, before what is certainly the one? */
function mayLack(m, items, wanted) {
    for (const item of items) {
        if (item.t === "unknown" && item.splat)
            return true;
        const same = equal(m, item, wanted);
        if (same.t === "bool" && same.v)
            return false;
    }
    return false;
}
function lists_without(m, items, from, wanted) {
    const item = items[from];
    if (item === undefined)
        return raise(m, "ValueError", "list.remove(x): x not in list");
    if (item.t === "unknown" && item.splat)
        return restOf(m, items, from, wanted);
    const same = equal(m, item, wanted);
    const rest = tuple(items.filter((_, i) => i !== from));
    if (same.t === "bool")
        return same.v ? rest : lists_without(m, items, from + 1, wanted);
    return ite(same, rest, restOf(m, items, from + 1, wanted));
}
/** What is left when a place further on may be the one: what raises there is not told apart. */
function restOf(m, items, from, wanted) {
    const open = items.slice(from).some((x) => x.t === "unknown" && x.splat);
    const same = open ? null : items.slice(from).find((x) => possible(equal(m, x, wanted)));
    if (open || same === undefined)
        return open ? tuple(items) : { t: "raised", error: valueError(m) };
    return lists_without(m, items, from, wanted);
}
function valueError(m) {
    const cls = m.exceptions.get("ValueError");
    return {
        t: "instance",
        cls,
        scope: { slots: new Map(), born: m.pc, places: null },
        id: 0,
        message: { t: "str", v: "list.remove(x): x not in list" },
    };
}
function pop(m, self, at) {
    const position = (c, i) => {
        const items = itemsIn(c);
        if (i?.t === "unknown")
            return gap(i.reason);
        const k = i?.t === "num" && !i.float
            ? i.v
            : i?.t === "bool"
                ? Number(i.v)
                : raiseProven(m, isNone(i, "int"), "TypeError", "an index");
        const own = k < 0 ? items.length + k : k;
        const open = items.findIndex((x) => x.t === "unknown" && x.splat);
        const last = items.findLastIndex((x) => x.t === "unknown" && x.splat);
        if (open >= 0 && (k < 0 ? own <= last : own >= open))
            return gap("an element that is not known");
        return own;
    };
    const before = narrow(m, self.content);
    const both = pure(m, [before, at], ([c, i]) => {
        const k = position(c, i);
        const item = itemsIn(c)[k];
        if (item === undefined)
            return raise(m, "IndexError", "pop index out of range");
        return tuple([item, tuple(itemsIn(c).filter((_, n) => n !== k))]);
    });
    if (!possible(m.pc))
        return both;
    const open = unknown("an element was taken from it", { splat: true });
    setContent(m, self, pure(m, [both], ([b]) => pairOf(b)?.[1] ?? tuple([open])));
    return pure(m, [both], ([b]) => pairOf(b)?.[0] ?? (b?.t === "tuple" ? unknown("an element of a list") : b));
}
/** An item and the rest; of too many of such pairs only one of any length is left. */
const pairOf = (b) => b?.t === "tuple" && b.items.length === 2 && !b.items.some((x) => x.t === "unknown" && x.splat)
    ? b.items
    : null;

;// CONCATENATED MODULE: ./build/src/python/objects/items.js













/** `v[key]`. */
function getItem(m, v, key) {
    return each(m, v, (o) => {
        if (o.t === "dict")
            return dictItem(m, o, key);
        if (o.t === "unknown")
            return unknown(o.reason, o.from ? { from: o.from } : {});
        if (o.t === "instance") {
            const method = classSlot(m, o.cls, "__getitem__");
            if (method?.t === "func")
                return callValue(m, { t: "bound", self: o, func: method }, [key]);
            if (method)
                return callValue(m, method, [key]);
            return raiseProven(m, lacksAttribute(o, "__getitem__"), "TypeError", `item of a ${o.cls.name}`);
        }
        if (o.t === "class" && o.members)
            return memberByName(m, o, key);
        if (o.t === "class")
            return isPythons(o) || classSlot(m, o, "__class_getitem__") ? o : gap(`item of the class ${o.name}`);
        if (o.t === "native")
            return o;
        return pure(m, [key], ([k]) => sequenceItem(m, o, k));
    });
}
function dictItem(m, d, key) {
    if (!d.factory)
        return dictGet(m, d, key, null);
    const made = dictGet(m, d, key, () => MISSING);
    return each(m, made, (o) => {
        if (o.t !== "missing")
            return o;
        const fresh = callValue(m, d.factory, []);
        dictSet(m, d, key, fresh);
        return fresh;
    });
}
/** `Color["RED"]` of an enumeration. */
function memberByName(m, cls, key) {
    return pure(m, [key], ([k]) => {
        const found = k?.t === "str" ? cls.scope.slots.get(k.v) : undefined;
        if (found && cls.members?.includes(found))
            return found;
        return k?.t === "str" && !cls.unknownBase ? raise(m, "KeyError", k.v) : gap(`a member of ${cls.name}`);
    });
}
function sequenceItem(m, o, k) {
    if (k.t === "unknown")
        return gap(k.reason, k.from ? { from: k.from } : {});
    const index = k.t === "num" && !k.float ? k.v : k.t === "bool" ? Number(k.v) : null;
    const refused = index === null && k.t !== "slice" ? (lacksAll(o, "__getitem__") ?? refuses("item", o, k)) : null;
    if (refused || (index === null && k.t !== "slice"))
        return raiseProven(m, refused, "TypeError", `'${typeName(o)}' indices must be integers or slices`);
    if (o.t === "str" || o.t === "bytes") {
        const all = [...o.v];
        if (k.t === "slice")
            return textOrBytes(o.t, cut(all, k, m).join(""));
        const c = all[index < 0 ? all.length + index : index];
        if (c === undefined)
            return raise(m, "IndexError", "string index out of range");
        return o.t === "str" ? str(c) : num(c.charCodeAt(0));
    }
    const plain = (o.t === "tuple" || o.t === "list") && (!o.kind || /^(deque|range|_PathParents)$/.test(o.kind));
    const content = !plain ? null : o.t === "tuple" ? o : o.content;
    if (!content)
        return raiseProven(m, lacksAttribute(o, "__getitem__"), "TypeError", `'${typeName(o)}' object is not subscriptable`);
    if (k.t === "slice" && o.t === "list" && o.kind === "deque")
        return gap("a part of a deque");
    return pure(m, [content], ([c]) => {
        const items = itemsIn(c);
        const splat = items.findIndex((i) => i.t === "unknown" && i.splat);
        if (k.t === "slice") {
            const part = {
                ...tuple(splat < 0 ? cut(items, k, m) : partOf(items, k, m)),
                ...(o.t === "tuple" && o.kind ? { kind: o.kind } : {}),
            };
            return o.t === "tuple" ? part : { ...list([], m.pc), content: part };
        }
        const at = index;
        const last = items.findLastIndex((i) => i.t === "unknown" && i.splat);
        if (splat >= 0 && (at < 0 ? items.length + at <= last : at >= splat))
            return gap(items[splat].reason);
        const item = items[at < 0 ? items.length + at : at];
        return item ?? raise(m, "IndexError", "list index out of range");
    });
}
/** Of items whose number is not known: all of them, or some that nobody knows. */
function partOf(items, k, m) {
    const none = (v) => narrow(m, v).t === "none";
    if (none(k.lower) && none(k.upper) && none(k.step))
        return items;
    return [unknown("a part of items that are not known", { splat: true })];
}
/** A part as Python cuts it: positions beyond an end are that end. */
function cut(items, k, m) {
    const part = (v) => {
        const n = narrow(m, v);
        if (n.t === "none")
            return null;
        if (n.t === "num" && !n.float)
            return n.v;
        if (n.t === "bool")
            return Number(n.v);
        return n.t === "choice"
            ? gap("a part whose ends depend on the environment")
            : raiseProven(m, isNone(n, "int"), "TypeError", "slice indices must be integers");
    };
    const by = part(k.step) ?? 1;
    if (by === 0)
        return raise(m, "ValueError", "slice step cannot be zero");
    const n = items.length;
    const clamp = (v, otherwise) => {
        if (v === null)
            return otherwise;
        const at = v < 0 ? v + n : v;
        return by > 0 ? Math.min(Math.max(at, 0), n) : Math.min(Math.max(at, -1), n - 1);
    };
    const from = clamp(part(k.lower), by > 0 ? 0 : n - 1);
    const to = clamp(part(k.upper), by > 0 ? n : -1);
    const out = [];
    for (let i = from; by > 0 ? i < to : i > to; i += by)
        out.push(items[i]);
    return out;
}
/** `v[key] = value`. */
function setItem(m, v, key, value) {
    each(m, v, (o) => {
        if (o.t === "dict")
            dictSet(m, o, key, value);
        else if (o.t === "list" && (!o.kind || o.kind === "deque"))
            setInList(m, o, narrow(m, key), value);
        else if (o.t === "instance") {
            callItemMethod(m, o, "__setitem__", [key, value]);
        }
        else if (o.t === "unknown")
            mayRaise(m, TRUE, o);
        else
            raiseProven(m, lacksAttribute(o, "__setitem__"), "TypeError", `'${typeName(o)}' does not support item assignment`);
        return NONE;
    });
}
/** `o[k] = v` and `del o[k]` of an object whose class says what they do. */
function callItemMethod(m, o, name, args) {
    const method = classSlot(m, o.cls, name);
    if (!method)
        raiseProven(m, lacksAttribute(o, name), "TypeError", `item of a ${o.cls.name}`);
    else
        callValue(m, method.t === "func" ? { t: "bound", self: o, func: method } : method, args);
}
function setInList(m, o, k, value) {
    if (k.t === "slice") {
        setPart(m, o, k, value);
        return;
    }
    const at = k.t === "num" && !k.float ? k.v : k.t === "bool" ? Number(k.v) : null;
    if (at === null) {
        const refused = k.t === "choice" ? null : refuses("item", o, k);
        if (refused)
            raiseProven(m, refused, "TypeError", "list indices must be integers or slices");
        forget_forget(m, [o], "an assignment to a part of a list");
        gap("an assignment to a part of a list");
    }
    mutate(m, o, (items) => {
        if (items.some((x) => x.t === "unknown" && x.splat))
            return [unknown("an element was replaced", { splat: true })];
        const own = at < 0 ? items.length + at : at;
        if (own >= items.length || own < 0)
            return raise(m, "IndexError", "list assignment index out of range");
        items[own] = value;
        return items;
    });
}
function setPart(m, o, k, value) {
    const by = itemsOrRaise(m, value);
    const next = pure(m, [o.content, by], ([c, b]) => {
        const items = itemsIn(c);
        if (items.some((x) => x.t === "unknown" && x.splat))
            return tuple([unknown("a part was replaced", { splat: true })]);
        const places = cut([...items.keys()], k, m);
        const step = narrow(m, k.step);
        if (step.t !== "none" && !(step.t === "num" && step.v === 1))
            return tuple([unknown("a part was replaced", { splat: true })]);
        const lower = narrow(m, k.lower);
        const from = places[0] ??
            (lower.t === "num"
                ? Math.min(items.length, lower.v < 0 ? Math.max(0, items.length + lower.v) : lower.v)
                : 0);
        return tuple([...items.slice(0, from), ...itemsIn(b), ...items.slice(from + places.length)]);
    });
    setContent(m, o, next);
}
/** `del v[key]`. */
function deleteItem(m, v, key) {
    each(m, v, (o) => {
        if (o.t === "dict") {
            dictGet(m, o, key, null);
            if (possible(m.pc))
                dictDelete(m, o, key);
        }
        else if (o.t === "list" && (!o.kind || o.kind === "deque"))
            deleteInList(m, o, narrow(m, key));
        else if (o.t === "instance") {
            callItemMethod(m, o, "__delitem__", [key]);
        }
        else if (o.t === "unknown")
            mayRaise(m, TRUE, o);
        else
            raiseProven(m, lacksAttribute(o, "__delitem__"), "TypeError", `'${typeName(o)}' does not support item deletion`);
        return NONE;
    });
}
function deleteInList(m, o, k) {
    if (k.t !== "slice") {
        listMethod(m, o, "pop", [k]);
        return;
    }
    mutate(m, o, (items) => {
        if (items.some((x) => x.t === "unknown" && x.splat))
            return [unknown("a part was taken out", { splat: true })];
        const gone = new Set(cut([...items.keys()], k, m));
        return items.filter((_, i) => !gone.has(i));
    });
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/string-encoding.js


/** The encodings that settings name; null for all others. */
function encoding([name, errors]) {
    if (errors && !(errors.t === "str" && errors.v === "strict"))
        return gap("an encoding that forgives errors");
    const known = name === undefined ? "utf8" : name.t === "str" ? name.v.toLowerCase().replace(/[-_]/g, "") : "";
    if (known === "utf8")
        return "utf8";
    if (known === "ascii" || known === "latin1")
        return known;
    return gap("an encoding");
}
function encoded(self, args) {
    const by = encoding(args);
    if (by !== "utf8" && (by === "ascii" ? /\P{ASCII}/u : /[^\0-\xff]/).test(self.s))
        return raise(self.m, "UnicodeEncodeError", `'${by}' codec can't encode a character`);
    if (/[\ud800-\udfff]/.test(self.s.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "")))
        return gap("a text with half a character");
    return textOrBytes("bytes", Buffer.from(self.s, by === "utf8" ? "utf8" : "latin1").toString("latin1"));
}
function decoded(self, args) {
    const by = encoding(args);
    const raw = Buffer.from(self.s, "latin1");
    try {
        if (by === "utf8")
            return str(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw));
    }
    catch {
        return raise(self.m, "UnicodeDecodeError", "'utf-8' codec can't decode a byte");
    }
    if (by === "ascii" && /\P{ASCII}/u.test(self.s))
        return raise(self.m, "UnicodeDecodeError", "'ascii' codec can't decode a byte");
    return str(self.s);
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/string-self.js



const isAscii = (s) => !/\P{ASCII}/u.test(s);
const make = ({ kind }, v) => textOrBytes(kind, v);
const many = (self, parts) => list(parts.map((p) => make(self, p)), self.m.pc);
/** Texts beyond ASCII follow tables of Unicode's that JavaScript's differ from. */
function ascii(self) {
    return isAscii(self.s) ? self.s : gap("a text with letters beyond ASCII");
}
/** Positions count code points; JavaScript's do not where there are surrogates. */
function positioned(self) {
    return /[\ud800-\udfff]/.test(self.s) ? gap("a text with characters beyond the first plane") : self.s;
}
/** A member of an enumeration of texts is a text. */
const string_self_plain = (o) => {
    const v = o.t === "instance" ? o.scope.slots.get("\0value") : undefined;
    return v && v.t !== "choice" ? v : o;
};
/** The text of an argument, of the kind of the text it is given to. */
function string_self_text(self, given) {
    const o = given && string_self_plain(given);
    if (o?.t === self.kind)
        return o.v;
    const proof = o
        ? isNone(o, ...(self.kind === "str" ? ["str"] : ["bytes", "bytearray", "memoryview", "int"]))
        : null;
    return raiseProven(self.m, proof, "TypeError", `expected ${self.kind}, got ${o ? typeName(o) : "nothing"}`);
}
const textOrNone = (self, o) => o === undefined || o.t === "none" ? null : string_self_text(self, o);
function string_self_whole(m, o, otherwise) {
    if (o === undefined)
        return otherwise;
    if (o.t === "num" && !o.float)
        return o.v;
    if (o.t === "bool")
        return Number(o.v);
    return raiseProven(m, isNone(o, "int"), "TypeError", `'${typeName(o)}' object cannot be interpreted as an integer`);
}
const boundary = (m, o, otherwise) => o?.t === "none" ? otherwise : string_self_whole(m, o, otherwise);
/** `[start:end]` as find, count and the like take them; null where there is no such part. */
function part(self, from, to) {
    const s = positioned(self);
    const at = (n) => (n < 0 ? Math.max(0, s.length + n) : n);
    const start = at(boundary(self.m, from, 0));
    const end = Math.min(s.length, at(boundary(self.m, to, s.length)));
    return start > end ? null : { start, s: s.slice(start, end) };
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/string-split.js




function strip(self, set, sides) {
    const { s } = self;
    const chars = textOrNone(self, set);
    const space = self.kind === "str" ? isSpace : isByteSpace;
    const inside = (c) => (chars === null ? space(c) : chars.includes(c));
    let from = 0;
    let to = s.length;
    if (sides !== "r")
        while (from < to && inside(s[from]))
            from++;
    if (sides !== "l")
        while (to > from && inside(s[to - 1]))
            to--;
    return make(self, s.slice(from, to));
}
/** Words between blanks, with where each begins and ends. */
function words(self) {
    const space = self.kind === "str" ? isSpace : isByteSpace;
    const out = [];
    for (let i = 0; i < self.s.length; i++) {
        if (space(self.s[i]))
            continue;
        const from = i;
        while (i < self.s.length && !space(self.s[i]))
            i++;
        out.push({ from, to: i });
    }
    return out;
}
function string_split_split(self, separator, max, fromRight) {
    const by = textOrNone(self, separator);
    const limit = string_self_whole(self.m, max, -1);
    if (by === "")
        return raise(self.m, "ValueError", "empty separator");
    const { s } = self;
    if (by === null) {
        const all = words(self);
        if (limit < 0 || all.length <= limit)
            return many(self, all.map(({ from, to }) => s.slice(from, to)));
        const own = (list) => list.map(({ from, to }) => s.slice(from, to));
        if (fromRight) {
            const cut = all.length - limit;
            return many(self, [s.slice(0, all[cut - 1]?.to ?? 0), ...own(all.slice(cut))].slice(cut === 0 ? 1 : 0));
        }
        return many(self, [...own(all.slice(0, limit)), s.slice(all[limit]?.from ?? s.length)]);
    }
    const parts = [];
    let rest = s;
    while (limit < 0 || parts.length < limit) {
        const at = fromRight ? rest.lastIndexOf(by) : rest.indexOf(by);
        if (at < 0)
            break;
        parts.push(fromRight ? rest.slice(at + by.length) : rest.slice(0, at));
        rest = fromRight ? rest.slice(0, at) : rest.slice(at + by.length);
    }
    parts.push(rest);
    return many(self, fromRight ? parts.reverse() : parts);
}
function partition(self, separator, fromRight) {
    const by = string_self_text(self, separator);
    if (by === "")
        return raise(self.m, "ValueError", "empty separator");
    const { s } = self;
    const at = fromRight ? s.lastIndexOf(by) : s.indexOf(by);
    const parts = at >= 0 ? [s.slice(0, at), by, s.slice(at + by.length)] : fromRight ? ["", "", s] : [s, "", ""];
    return tuple(parts.map((p) => make(self, p)));
}
function lines(self, keep) {
    const ends = keep !== undefined && keep.t === "bool" ? keep.v : keep === undefined ? false : gap("splitlines()");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends lines there
    const rule = self.kind === "str" ? /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g : /\r\n|[\n\r]/g;
    const out = [];
    let from = 0;
    for (const match of self.s.matchAll(rule)) {
        out.push(self.s.slice(from, match.index + (ends ? match[0].length : 0)));
        from = match.index + match[0].length;
    }
    if (from < self.s.length)
        out.push(self.s.slice(from));
    return many(self, out);
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/string-table.js






function replaced(self, [a, b, n]) {
    const [from, to] = [string_self_text(self, a), string_self_text(self, b)];
    const limit = string_self_whole(self.m, n, -1);
    const parts = from === "" ? ["", ...positioned(self), ""] : self.s.split(from);
    const keep = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
    return make(self, parts.slice(0, keep + 1).join(to) +
        parts
            .slice(keep + 1)
            .map((p) => from + p)
            .join(""));
}
function affix(self, [given, from, to], at) {
    const all = given?.t === "tuple"
        ? given.items.map((i) => (i.t === "choice" ? gap("an affix") : string_self_text(self, i)))
        : [string_self_text(self, given)];
    const own = part(self, from, to);
    return bool(own !== null && all.some((a) => (at === "start" ? own.s.startsWith(a) : own.s.endsWith(a))));
}
function find(self, [given, from, to], last, strict) {
    const wanted = string_self_text(self, given);
    const own = part(self, from, to);
    const at = own === null ? -1 : last ? own.s.lastIndexOf(wanted) : own.s.indexOf(wanted);
    if (own !== null && at >= 0)
        return num(own.start + at);
    return strict ? raise(self.m, "ValueError", "substring not found") : num(-1);
}
function count(self, [given, from, to]) {
    const wanted = string_self_text(self, given);
    const own = part(self, from, to);
    return num(own === null ? 0 : wanted === "" ? own.s.length + 1 : own.s.split(wanted).length - 1);
}
function fill(self, [n, by], where) {
    const s = positioned(self);
    const width = string_self_whole(self.m, n, 0);
    const pad = by === undefined ? " " : string_self_text(self, by);
    if ([...pad].length !== 1)
        return gap("a filling of several characters");
    const missing = Math.max(0, width - s.length);
    if (missing > 100_000)
        return gap("a very long text");
    const left = where === "r" ? missing : where === "l" ? 0 : (missing >> 1) + (missing & width & 1);
    return make(self, pad.repeat(left) + s + pad.repeat(missing - left));
}
function zeros(self, n) {
    const s = positioned(self);
    const missing = Math.max(0, string_self_whole(self.m, n, 0) - s.length);
    if (missing > 100_000)
        return gap("a very long text");
    const sign = /^[+-]/.exec(s)?.[0] ?? "";
    return make(self, sign + "0".repeat(missing) + s.slice(sign.length));
}
function tabs(self, size) {
    const by = string_self_whole(self.m, size, 8);
    let column = 0;
    let out = "";
    for (const c of self.s) {
        if (c === "\t") {
            const n = by > 0 ? by - (column % by) : 0;
            out += " ".repeat(n);
            column += n;
        }
        else {
            out += c;
            column = c === "\n" || c === "\r" ? 0 : column + 1;
        }
    }
    return make(self, out);
}
const test = (self, rule) => bool(rule.test(ascii(self)));
const changed = (self, change) => make(self, change(ascii(self)));
const swapped = (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());
const titled = (s) => s.replace(/[A-Za-z]+/g, (w) => w[0].toUpperCase() + w.slice(1).toLowerCase());
const none = (call) => ({ least: 0, most: 0, call });
const STRING_METHODS = {
    lower: none((self) => self.kind === "str" && !/[İΣ]/.test(self.s)
        ? make(self, self.s.toLowerCase())
        : changed(self, (s) => s.toLowerCase())),
    casefold: none((self) => changed(self, (s) => s.toLowerCase())),
    upper: none((self) => changed(self, (s) => s.toUpperCase())),
    title: none((self) => changed(self, titled)),
    capitalize: none((self) => changed(self, (s) => s.charAt(0).toUpperCase() + s.slice(1).toLowerCase())),
    swapcase: none((self) => changed(self, (s) => s.replace(/[A-Za-z]/g, swapped))),
    strip: { least: 0, most: 1, call: (self, [set]) => strip(self, set, "b") },
    lstrip: { least: 0, most: 1, call: (self, [set]) => strip(self, set, "l") },
    rstrip: { least: 0, most: 1, call: (self, [set]) => strip(self, set, "r") },
    split: {
        least: 0,
        most: 2,
        names: ["sep", "maxsplit"],
        call: (self, [by, n]) => string_split_split(self, by, n, false),
    },
    rsplit: {
        least: 0,
        most: 2,
        names: ["sep", "maxsplit"],
        call: (self, [by, n]) => string_split_split(self, by, n, true),
    },
    splitlines: { least: 0, most: 1, names: ["keepends"], call: (self, [keep]) => lines(self, keep) },
    partition: { least: 1, most: 1, call: (self, [by]) => partition(self, by, false) },
    rpartition: { least: 1, most: 1, call: (self, [by]) => partition(self, by, true) },
    replace: { least: 2, most: 3, call: replaced },
    startswith: { least: 1, most: 3, call: (self, args) => affix(self, args, "start") },
    endswith: { least: 1, most: 3, call: (self, args) => affix(self, args, "end") },
    removeprefix: {
        least: 1,
        most: 1,
        call: (self, [p]) => make(self, self.s.startsWith(string_self_text(self, p)) ? self.s.slice(string_self_text(self, p).length) : self.s),
    },
    removesuffix: {
        least: 1,
        most: 1,
        call: (self, [p]) => {
            const t = string_self_text(self, p);
            return make(self, t && self.s.endsWith(t) ? self.s.slice(0, self.s.length - t.length) : self.s);
        },
    },
    find: { least: 1, most: 3, call: (self, args) => find(self, args, false, false) },
    rfind: { least: 1, most: 3, call: (self, args) => find(self, args, true, false) },
    index: { least: 1, most: 3, call: (self, args) => find(self, args, false, true) },
    rindex: { least: 1, most: 3, call: (self, args) => find(self, args, true, true) },
    count: { least: 1, most: 3, call: count },
    isdigit: none((self) => test(self, /^\d+$/)),
    isdecimal: none((self) => test(self, /^\d+$/)),
    isnumeric: none((self) => test(self, /^\d+$/)),
    isalpha: none((self) => test(self, /^[A-Za-z]+$/)),
    isalnum: none((self) => test(self, /^[A-Za-z\d]+$/)),
    isascii: none((self) => bool(isAscii(self.s))),
    isprintable: none((self) => test(self, /^[ -~]*$/)),
    isspace: none((self) => bool([...ascii(self)].every((c) => (self.kind === "str" ? isSpace : isByteSpace)(c)) && self.s !== "")),
    isupper: none((self) => bool(/[A-Z]/.test(ascii(self)) && !/[a-z]/.test(self.s))),
    islower: none((self) => bool(/[a-z]/.test(ascii(self)) && !/[A-Z]/.test(self.s))),
    istitle: none((self) => bool(/[A-Za-z]/.test(ascii(self)) && titled(self.s) === self.s)),
    isidentifier: none((self) => test(self, /^[A-Za-z_]\w*$/)),
    zfill: { least: 1, most: 1, call: (self, [n]) => zeros(self, n) },
    ljust: { least: 1, most: 2, call: (self, args) => fill(self, args, "l") },
    rjust: { least: 1, most: 2, call: (self, args) => fill(self, args, "r") },
    center: { least: 1, most: 2, call: (self, args) => fill(self, args, "c") },
    expandtabs: { least: 0, most: 1, names: ["tabsize"], call: (self, [n]) => tabs(self, n) },
    encode: { least: 0, most: 2, names: ["encoding", "errors"], call: encoded },
    decode: { least: 0, most: 2, names: ["encoding", "errors"], call: decoded },
    hex: none((self) => str(Buffer.from(self.s, "latin1").toString("hex"))),
};

;// CONCATENATED MODULE: ./build/src/python/objects/methods/strings.js










const SPECIAL = new Set(["join", "format", "format_map", "translate"]);
/** Is the method of texts modelled? */
const isStringMethod = (name) => Object.hasOwn(STRING_METHODS, name) || SPECIAL.has(name);
/** `"text".name(...)` */
function stringMethod(m, self, name, given, kwargs, lookup) {
    if (SPECIAL.has(name))
        return special(m, self, name, given, kwargs, lookup);
    const known = Object.hasOwn(STRING_METHODS, name) ? STRING_METHODS[name] : undefined;
    if (!known)
        return gap(`str.${name}`);
    const args = strings_inOrder(given, kwargs, known.names ?? []);
    if (!args || args.length < known.least || args.length > known.most)
        return gap(`the arguments of str.${name}`);
    return pure(m, args.map((a) => a ?? NOT_GIVEN), (found) => {
        const hidden = found.find((o) => o.t === "unknown");
        if (hidden?.t === "unknown")
            return gap(hidden.reason, hidden.from ? { from: hidden.from } : {});
        return known.call({ m, s: self.v, kind: self.t }, found.map((o) => (o.t === "missing" ? undefined : o)));
    });
}
const NOT_GIVEN = { t: "missing" };
/** Positional arguments and those by name, in the method's order; null for a name it has not. */
function strings_inOrder(given, kwargs, names) {
    const args = [...given];
    for (const [name, v] of kwargs) {
        const at = names.indexOf(name);
        // Who called may have put it in its place already.
        if (at >= 0 && given[at] === v)
            continue;
        if (at < given.length)
            return null;
        args[at] = v;
    }
    return Array.from(args);
}
function special(m, self, name, args, kwargs, lookup) {
    const [first] = args;
    if (name === "format" && self.t === "str")
        return formatCall(m, self.v, args, kwargs, lookup);
    if (args.length !== 1 || kwargs.size > 0 || !first)
        return gap(`the arguments of str.${name}`);
    if (name === "join")
        return join(m, self, first);
    if (self.t === "bytes")
        return gap(`bytes.${name}`);
    if (name === "translate")
        return translated(m, self.v, first);
    return pure(m, [first], ([map]) => map?.t === "dict" && !map.kind && !map.open
        ? formatCall(m, self.v, [], map.scope.slots, lookup)
        : gap("str.format_map"));
}
/** Names of the methods that tell a variable's texts apart, for trying their arguments. */
function noteInterest(m, self, name, args) {
    if (name !== "startswith" && name !== "endswith")
        return;
    for (const a of args)
        if (a.t === "str")
            interest(m, self, a.v);
}
function join(m, self, items) {
    return pure(m, [items], ([o]) => {
        if (!o || o.t === "unknown")
            return { ...unknown(o?.reason ?? "a join"), type: self.t };
        const content = itemsOf(m, o);
        if (!content)
            return raiseProven(m, isNoIterable(o), "TypeError", "can only join an iterable");
        return pure(m, [content], ([c]) => {
            const parts = itemsIn(c).map((p) => (p.t === "instance" ? (p.scope.slots.get("\0value") ?? p) : p));
            if (self.t === "bytes")
                return joinedBytes(m, self.v, parts);
            return pure(m, parts, (found) => {
                const wrong = found.find((p) => isNone(p, "str"));
                if (wrong)
                    return raiseProven(m, isNone(wrong, "str"), "TypeError", "sequence item: expected str instance");
                if (found.some((p) => p.t !== "str" && p.t !== "unknown"))
                    return gap("str.join");
                return concat(m, found.map((p) => p.t === "unknown"
                    ? {
                        ...unknown(p.reason, p.from ? { from: p.from } : {}),
                        ...(p.truthy && !p.splat ? { truthy: true } : {}),
                        type: "str",
                    }
                    : toText(m, p)), (texts) => texts.join(self.v));
            });
        });
    });
}
function joinedBytes(m, by, parts) {
    return pure(m, parts, (found) => found.every((p) => p.t === "bytes")
        ? textOrBytes("bytes", found.map((p) => p.v).join(by))
        : gap("bytes.join"));
}
/** `str.maketrans(...)`: a dict of code points. */
function translation(m, args) {
    return pure(m, args, (found) => {
        const d = values_dict(m.pc);
        const [from, to, gone] = found;
        if (from?.t === "str" && to?.t === "str" && found.length <= 3) {
            const [a, b] = [[...from.v], [...to.v]];
            if (a.length !== b.length)
                return gap("str.maketrans");
            for (const [i, c] of a.entries())
                dictSet(m, d, code(c), code(b[i]));
            if (gone && gone.t !== "str")
                return gap("str.maketrans");
            if (gone?.t === "str")
                for (const c of gone.v)
                    dictSet(m, d, code(c), NONE);
            return d;
        }
        if (from?.t !== "dict" || from.open || found.length !== 1)
            return gap("str.maketrans");
        for (const [key, v] of from.scope.slots) {
            if (key[0] === "\0" ? key[1] !== "n" : [...key].length !== 1)
                return gap("str.maketrans");
            dictSet(m, d, key[0] === "\0" ? num(Number(key.slice(3))) : code(key), v);
        }
        return d;
    });
}
const code = (c) => num(c.codePointAt(0));
function translated(m, text, table) {
    return pure(m, [table], ([d]) => {
        if (d?.t !== "dict" || d.open || d.kind)
            return gap("str.translate");
        let out = "";
        for (const c of text) {
            const by = d.scope.slots.get(`\0n:${c.codePointAt(0)}`);
            if (by === undefined || by.t === "missing")
                out += c;
            else if (by.t === "str")
                out += by.v;
            else if (by.t === "num" && !by.float)
                out += String.fromCodePoint(by.v);
            else if (by.t !== "none")
                return gap("str.translate");
        }
        return str(out);
    });
}
/** `bytes.fromhex(text)` */
function fromHex(m, text) {
    return pure(m, [text], ([o]) => {
        if (o?.t !== "str" || !/^(?:\s*[0-9a-fA-F]{2})*\s*$/.test(o.v))
            return gap("bytes.fromhex");
        return { t: "bytes", v: Buffer.from(o.v.replace(/\s/g, ""), "hex").toString("latin1") };
    });
}

;// CONCATENATED MODULE: ./build/src/python/outside/project-files.js

/** Where the repository seems to lie, for `__file__` and everything computed from it. */
const SITE = "/srv/site";
/** The absolute path of a file of the tree. */
const treePath = (path) => (path === "" ? SITE : `${SITE}/${path}`);
/** The tree's path of an absolute or relative one; null outside the repository. */
function inTree(m, path) {
    const absolute = normPath(joinPath(treePath(m.root), path));
    if (absolute === SITE)
        return "";
    return absolute.startsWith(`${SITE}/`) ? absolute.slice(SITE.length + 1) : null;
}
/** "file", "folder", null when it is not in the repository. */
function inRepository(m, path) {
    const own = inTree(m, path);
    if (own === null)
        return null;
    if (own === "" || m.folders.has(own))
        return "folder";
    return m.files.has(own) ? "file" : null;
}
/**
 * The folder that the settings' own package is imported from, where it is not manage.py's: one above it (a package that
 * is installed, or on PYTHONPATH), else one below it (`sys.path.insert` in manage.py). Null where it is manage.py's.
 */
function importBase(files, root, module) {
    const path = module.replaceAll(".", "/");
    const names = [`${path}.py`, `${path}/__init__.py`];
    const holds = (folder) => names.some((name) => files.has(folder === "" ? name : `${folder}/${name}`));
    if (path === "" || holds(root))
        return null;
    for (let folder = root; folder !== "";) {
        folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
        if (holds(folder))
            return folder;
    }
    const start = root === "" ? "" : `${root}/`;
    const bases = [...files].flatMap((file) => {
        const name = names.find((one) => file.startsWith(start) && file.endsWith(`/${one}`));
        return name ? [file.slice(0, -name.length - 1)] : [];
    });
    return bases.sort((a, b) => a.split("/").length - b.split("/").length)[0] ?? null;
}
/** A module of the project by its dotted name; a package beats a module of the same name. */
function findModule(m, name) {
    if (name === "")
        return null;
    for (const base of searchPath(m)) {
        const at = [...(base ? [base] : []), ...name.split(".")].join("/");
        if (m.files.has(`${at}/__init__.py`))
            return { file: `${at}/__init__.py`, folder: at };
        if (m.files.has(`${at}.py`))
            return { file: `${at}.py`, folder: at };
        if (m.folders.has(at) && holdsPython(m, at))
            return { file: null, folder: at };
    }
    return null;
}
function holdsPython(m, folder) {
    const known = m.pythonFolders.get(folder);
    if (known !== undefined)
        return known;
    let found = false;
    for (const f of m.files)
        if (f.endsWith(".py") && f.startsWith(`${folder}/`))
            found = true;
    m.pythonFolders.set(folder, found);
    return found;
}
/** Folders of the tree in which imports look: sys.path as the settings have changed it. */
function searchPath(m) {
    const items = m.sysPath.content;
    if (items.t !== "tuple")
        return [m.root];
    return items.items.flatMap((v) => {
        const path = v.t === "str" || v.t === "path" ? inTree(m, v.v) : null;
        return path === null ? [] : [path];
    });
}

// EXTERNAL MODULE: external "node:vm"
var external_node_vm_ = __webpack_require__(714);
;// CONCATENATED MODULE: ./build/src/python/source/foreign-pattern.js

/** Milliseconds: a pattern that people write takes far less than one. */
const mostOfOne = 250;
const mostOfAll = 1_000;
/** Texts of one answer. */
const mostTexts = 50_000;
const longestAnswer = 1_000_000;
// V8 looks for its deadline while it goes back in a pattern; nothing else ends one that goes back for ever.
const program = new external_node_vm_.Script(`{
  let rule = new RegExp(source, flags);
  if (at) rule = new RegExp("^(?:" + source + (at === "ends" ? ")$" : ")"), flags);
  const told = (m) => m && { index: m.index, texts: [...m].map((x) => x ?? null), groups: Object.fromEntries(
    Object.entries(m.groups ?? {}).map(([name, x]) => [name, x ?? null])) };
  const bounded = (length) => {
    let texts = 0, most = 0;
    const found = [];
    for (const m of text.matchAll(rule)) {
      texts += m.length;
      most += length(Math.max(...m.map((x) => x?.length ?? 0)));
      if (texts > ${mostTexts} || most > ${longestAnswer}) throw new RangeError("too much");
      found.push(m);
    }
    return found;
  };
  const references = by?.split("$").length;
  const acts = {
    first: () => told(rule.exec(text)),
    all: () => bounded((text) => text).map(told),
    split: () => text.split(rule, ${mostTexts}).map((x) => x ?? null),
    filter: () => text.split("\\n").filter((line) => rule.test(line)),
    replace: () => bounded((text) => by.length + references * text) && text.replace(rule, by),
  };
  JSON.stringify(acts[act]());
}`);
let context = null;
/** Milliseconds of processor that patterns took, by whom they were run for. */
const spent = new WeakMap();
/**
 * Runs a pattern that somebody else wrote, which may be one that never ends: null where it is none of JavaScript's,
 * takes longer than a quarter of a second or finds more than anybody would ask for. All those of one `owner` get a second.
 */
function askPattern(owner, asked) {
    const before = spent.get(owner) ?? 0;
    if (before >= mostOfAll)
        return null;
    context ??= (0,external_node_vm_.createContext)(Object.create(null));
    Object.assign(context, { by: null, at: null, ...asked });
    const start = process.cpuUsage();
    const used = () => {
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
    };
    try {
        const answer = JSON.parse(inTime(context, used));
        return Array.isArray(answer) && answer.length >= mostTexts ? null : { answer };
    }
    catch {
        return null;
    }
    finally {
        spent.set(owner, before + used());
    }
}
/** The limit counts time on the clock, in which a busy machine may not have run it at all: then it gets that time anew. */
function inTime(context, used) {
    for (;;) {
        try {
            return program.runInContext(context, { timeout: mostOfOne });
        }
        catch (error) {
            const isLate = error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
            if (!isLate || used() >= mostOfOne)
                throw error;
        }
    }
}

// EXTERNAL MODULE: ./node_modules/smol-toml/dist/index.js + 8 modules
var dist = __webpack_require__(3292);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var yaml_dist = __webpack_require__(8815);
;// CONCATENATED MODULE: ./build/src/python/outside/host-settings.js




/** What every host says for itself, so what a file is for that only the host has. */
const OF_THE_HOST = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASES"];
/** A file that only the host has may set these from here on: none of them is certain any more. */
function hostMaySet(m, what) {
    const { scope: own } = m.frame.module;
    const reason = `${what} is on the host only, if anywhere`;
    for (const name of OF_THE_HOST)
        write(m, own, name, ite(fact(m, reason), unknown(reason), read(m, own, name)));
}
/** A package that brings settings may bring these where the project has not said them itself. */
function packageMaySet(m, name) {
    const { scope: own } = m.frame.module;
    const reason = `${name} is outside the project`;
    for (const setting of OF_THE_HOST) {
        const before = read(m, own, setting);
        const absent = toCondition(before, (o) => o.t === "missing");
        if (possible(absent))
            write(m, own, setting, ite(and(absent, fact(m, reason)), unknown(reason), before));
    }
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/json.js


const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*))((?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|(NaN|-?Infinity))/y;
const DEEPEST = 200;
/** `json.loads(text)`: whole numbers and others are told apart, and the order of keys is the text's. */
function parseJson(m, text) {
    let at = 0;
    const fail = () => raise(m, "JSONDecodeError", "Expecting value");
    const next = () => {
        TOKEN.lastIndex = at;
        const found = TOKEN.exec(text);
        if (!found)
            return fail();
        at = TOKEN.lastIndex;
        return found;
    };
    const value = (token, depth) => {
        const [, sign, quoted, whole, rest, word, special] = token;
        if (depth > DEEPEST)
            return gap("deeply nested JSON");
        if (special)
            return gap("JSON with no finite number");
        if (word)
            return word === "null" ? NONE : bool(word === "true");
        if (quoted !== undefined)
            return str(JSON.parse(quoted));
        if (whole !== undefined) {
            const v = Number(whole + rest);
            return rest
                ? num(v, true)
                : Number.isSafeInteger(v)
                    ? num(v === 0 ? 0 : v)
                    : gap("a very large number");
        }
        return sign === "[" ? array(depth) : sign === "{" ? object(depth) : fail();
    };
    const array = (depth) => {
        const items = [];
        for (let token = next(); token[1] !== "]"; token = next()) {
            if (items.length > 0) {
                if (token[1] !== ",")
                    return fail();
                token = next();
            }
            items.push(value(token, depth + 1));
        }
        return list(items, m.pc);
    };
    const object = (depth) => {
        const d = values_dict(m.pc);
        for (let token = next(), first = true; token[1] !== "}"; token = next(), first = false) {
            if (!first) {
                if (token[1] !== ",")
                    return fail();
                token = next();
            }
            if (token[2] === undefined || next()[1] !== ":")
                return fail();
            d.scope.slots.set(JSON.parse(token[2]), value(next(), depth + 1));
        }
        return d;
    };
    try {
        const made = value(next(), 0);
        return /^[ \t\n\r]*$/.test(text.slice(at)) ? made : fail();
    }
    catch (error) {
        // A control character within a text, which only JSON.parse sees.
        if (error instanceof SyntaxError)
            return fail();
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/files.js

















/** The condition that a path exists; what is not tracked within the repository does not. */
function exists(m, path, kind) {
    return each(m, path, (o) => {
        if (o.t !== "str" && o.t !== "path")
            return o.t === "unknown" ? fact(m, o.reason, o.from) : FALSE;
        const own = written(m, o.v);
        if (own.t !== "missing" && kind !== "folder")
            return or(toCondition(own, (x) => x.t !== "missing"), existsApart(m, o.v, kind));
        return existsApart(m, o.v, kind);
    });
}
/** Does a path exist that the settings have not written themselves? */
function existsApart(m, path, kind) {
    const found = inRepository(m, path);
    if (found)
        return bool(kind === null || kind === found);
    if (inTree(m, path) !== null) {
        note(m, "absent-file", path);
        if (path.endsWith(".py"))
            hostMaySet(m, path.split("/").at(-1) ?? path);
        return FALSE;
    }
    return onHost(m, path);
}
/** What the settings have written to a path, MISSING where nothing. */
const written = (m, path) => read(m, m.written, absolutePath(m, path));
const absolutePath = (m, path) => normPath(joinPath(treePath(m.root), path));
/** Whether a file outside the repository is there; one answer for each path. */
function onHost(m, path) {
    const known = m.hostFiles.get(path) ?? fact(m, `whether ${path} exists on the host is not known`);
    m.hostFiles.set(path, known);
    return known;
}
/** The text of a path; FileNotFoundError where it is not there. */
function readText(m, path) {
    return each(m, path, (o) => {
        if (o.t !== "str" && o.t !== "path")
            return gap(`the content of a file: ${o.t === "unknown" ? o.reason : o.t}`, { type: "str" });
        const own = written(m, o.v);
        if (own.t === "missing")
            return readApart(m, o.v);
        return each(m, own, (x) => (x.t === "missing" ? readApart(m, o.v) : x));
    });
}
/** The text of a file that the settings have not written themselves. */
function readApart(m, path) {
    if (inRepository(m, path) === "file") {
        const text = m.tree.read(inTree(m, path) ?? "");
        if (text !== null)
            return str(text);
    }
    if (inTree(m, path) !== null) {
        note(m, "absent-file", path);
        if (path.endsWith(".py"))
            hostMaySet(m, path.split("/").at(-1) ?? path);
        return raise(m, "FileNotFoundError", `No such file or directory: '${path}'`);
    }
    const there = onHost(m, path);
    raiseWhere(m, not(there), makeError(m, "FileNotFoundError", `No such file or directory: '${path}'`));
    return possible(m.pc)
        ? unknown(`the content of ${path} on the host`, { type: "str" })
        : unknown("never executed");
}
/** `open(path, mode)`: an object with the reading methods. */
function openFile(m, path, mode) {
    const cls = { t: "class", name: "TextIOWrapper", bases: [], unknownBase: null, scope: scope() };
    const self = { t: "instance", cls, scope: scope(m.pc), id: nextId() };
    const put = (name, call) => {
        self.scope.slots.set(name, values_native(name, call));
    };
    put("__enter__", () => self);
    put("__exit__", () => NONE);
    put("close", () => NONE);
    if (mode.t === "str" && /[wax+]/.test(mode.v)) {
        openForWriting(m, path, mode.v, put);
        return self;
    }
    const raw = readText(m, path);
    if (!possible(m.pc))
        return unknown("never executed");
    const text = mode.t === "str" && !mode.v.includes("b") ? raw : inBytes(m, raw);
    self.scope.slots.set("\0text", text);
    const lines = text.t === "str" && !/\r/.test(text.v) ? (text.v.match(/[^\n]*\n|[^\n]+$/g) ?? []).map(str) : null;
    self.scope.slots.set("\0items", tuple(lines ?? [unknown("lines of a file", { splat: true })]));
    put("read", () => text);
    put("readlines", () => list(lines ?? [unknown("lines of a file", { splat: true })], m.pc));
    put("readline", () => (lines ? (lines[0] ?? str("")) : unknown("a line of a file", { type: "str" })));
    return self;
}
/** What a file holds when it is read as bytes. */
function inBytes(m, text) {
    return pure(m, [text], ([o]) => o?.t === "str"
        ? stringMethod(m, o, "encode", [], new Map(), () => NONE)
        : o?.t === "unknown"
            ? { ...o, type: "bytes" }
            : o);
}
/** Files that are written are remembered: settings that make a key write it and read it again. */
function openForWriting(m, path, mode, put) {
    each(m, path, (p) => {
        if (p.t !== "str" && p.t !== "path")
            return NONE;
        if (mode.includes("x")) {
            const there = exists(m, p, null);
            raiseWhere(m, there, makeError(m, "FileExistsError", `File exists: '${p.v}'`));
        }
        if (!mode.includes("a"))
            write(m, m.written, absolutePath(m, p.v), str(""));
        return NONE;
    });
    put("write", ([v = NONE]) => each(m, path, (p) => (p.t === "str" || p.t === "path" ? append(m, absolutePath(m, p.v), v) : NONE)));
}
function append(m, path, v) {
    const text = pure(m, [read(m, m.written, path), v], ([o, x]) => {
        if (o?.t === "str" && o.v === "")
            return x;
        if (o?.t === "str" && (x?.t === "str" || x?.t === "bytes"))
            return str(o.v + x.v);
        return unknown(`what was written to ${path}`, { type: "str" });
    });
    write(m, m.written, path, text);
    return NONE;
}
/** The text of a file object, a text, or unknown. */
function textOf(v) {
    if (v.t === "instance")
        return v.scope.slots.get("\0text") ?? unknown(`the content of a ${v.cls.name}`);
    return v;
}
/** JavaScript data as Python's. */
function fromData(m, data) {
    if (data === null || data === undefined)
        return NONE;
    if (typeof data === "boolean")
        return bool(data);
    if (typeof data === "bigint")
        return Number.isSafeInteger(Number(data)) ? num(Number(data)) : gap("a very large number");
    if (typeof data === "number")
        return num(data, true);
    if (typeof data === "string")
        return str(data);
    if (Array.isArray(data))
        return list(data.map((d) => fromData(m, d)), m.pc);
    if (typeof data === "object" && !(data instanceof Date)) {
        const d = values_dict(m.pc);
        for (const [k, v] of data instanceof Map ? data : Object.entries(data))
            d.scope.slots.set(typeof k === "string" ? k : (keyOf(fromData(m, k)) ?? gap("a key of data")), fromData(m, v));
        return d;
    }
    return gap("data of an unknown kind");
}
const PARSERS = {
    // PyYAML reads YAML 1.1.
    yaml: (text) => (0,yaml_dist/* parse */.qg)(text, { version: "1.1", intAsBigInt: true, mapAsMap: true }),
    toml: (text) => (0,dist/* parse */.qg)(text, { integersAsBigInt: true }),
};
/** Reads JSON, YAML or TOML; `error` is the exception for text that is neither. */
function parseData(m, text, how, error) {
    return each(m, textOf(text), (o) => {
        if (o.t !== "str" && o.t !== "bytes") {
            if (o.t === "unknown")
                return gap(o.reason, o.from ? { from: o.from } : {});
            return raiseProven(m, how === "json" ? isNone(o, "str", "bytes") : null, "TypeError", "the JSON object must be str, bytes or bytearray");
        }
        const given = o.t === "bytes" ? stringMethod(m, o, "decode", [], new Map(), () => NONE) : o;
        if (given.t !== "str")
            return gap("data of bytes");
        if (how === "json")
            return parseJson(m, given.v);
        let data;
        try {
            data = PARSERS[how](given.v);
        }
        catch {
            return raise(m, error, `cannot read ${how}`);
        }
        return fromData(m, data);
    });
}

/** `Path.write_text(text)`. */
function writeText(m, path, text) {
    write(m, m.written, absolutePath(m, path), text);
    return NONE;
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/entries.js

/** A function of a module. */
const fn = (name, call) => values_native(name, call);

;// CONCATENATED MODULE: ./build/src/python/stdlib/environment.js








/** Set in every process, to values we do not know. */
const ALWAYS_SET = new Set(["HOME", "PATH", "USER", "PWD", "SHELL", "LANG", "LOGNAME"]);
/** A variable by name, MISSING where it is not set; the read is remembered. */
function readVariable(m, name, fallback, cast = null) {
    if (name.t === "choice" && leaves(name).length > 12)
        return unknown("a variable whose name is not known");
    return each(m, name, (n) => {
        if (n.t === "unknown")
            return unknown(`a variable whose name is not known: ${n.reason}`);
        if (n.t !== "str")
            return raiseProven(m, isNone(n, "str"), "TypeError", "str expected");
        if (ALWAYS_SET.has(n.v) && m.given[n.v] === undefined)
            return unknown(`the variable ${n.v} of the process`, { type: "str", truthy: true });
        m.reads.push({ name: n.v, place: m.here, default: fallback, cast });
        return readEnv(m, n.v);
    });
}
/** The text of a default, for messages. */
function defaultText(v) {
    if (!v)
        return null;
    switch (v.t) {
        case "str":
            return quote(v.v.length > 60 ? `${v.v.slice(0, 57)}...` : v.v);
        case "num":
            return String(v.v);
        case "bool":
            return v.v ? "True" : "False";
        case "none":
            return "None";
        case "list":
            return v.content.t === "tuple" && v.content.items.length === 0 ? "[]" : "[...]";
        case "path":
            return quote(v.v);
        default:
            return "...";
    }
}
/** `os.environ.get(name, default)`. */
function getVariable(m, name, fallback) {
    const found = readVariable(m, name, defaultText(fallback));
    return ite(toCondition(found, (o) => o.t === "missing"), fallback, found);
}
/** os.environ and everything that is as good as it. */
function environObject(m) {
    const cls = { t: "class", name: "_Environ", bases: [], unknownBase: null, scope: scope() };
    const self = { t: "instance", cls, scope: scope(), id: nextId() };
    const method = (name, call) => {
        cls.scope.slots.set(name, values_native(name, call));
    };
    readable(m, method, () => undefined);
    method("__setitem__", ([name = NONE, v = NONE]) => {
        each(m, name, (n) => {
            if (n.t !== "str" || n.v === "" || n.v.includes("="))
                return gap("a variable of that name");
            writeEnv(m, n.v, texts(m, v));
            return NONE;
        });
        return NONE;
    });
    method("__delitem__", ([name = NONE]) => {
        item(m, name);
        if (name.t !== "str")
            return gap("del of a variable");
        unsetEnv(m, name.v);
        return NONE;
    });
    method("setdefault", ([name = NONE, v = NONE]) => {
        const found = readVariable(m, name, defaultText(v));
        const all = ite(toCondition(found, (o) => o.t === "missing"), v, found);
        if (name.t === "str")
            writeEnv(m, name.v, texts(m, all));
        return all;
    });
    method("pop", ([name = NONE, ...rest]) => {
        const found = rest.length > 0 ? getVariable(m, name, rest[0]) : item(m, name);
        if (name.t === "str")
            unsetEnv(m, name.v);
        return found;
    });
    method("update", (args, kwargs) => {
        const given = args[0];
        if (given && (given.t !== "dict" || given.open))
            return gap("os.environ.update()");
        const entries = given?.t === "dict" ? given.scope.slots : new Map();
        for (const [k, v] of [...entries, ...kwargs])
            if (narrow(m, v).t !== "missing")
                writeEnv(m, k, texts(m, v));
        return NONE;
    });
    const open = (what) => unknown(what);
    method("items", () => open("all variables of the environment"));
    method("keys", () => open("all variables of the environment"));
    method("values", () => open("all variables of the environment"));
    method("copy", () => environmentCopy(m));
    method("__len__", () => unknown("the number of variables", { type: "int", truthy: true }));
    return self;
}
/** `environ[name]` */
const item = (m, name) => pure(m, [readVariable(m, name, null)], ([o]) => o?.t === "missing" ? raise(m, "KeyError", name.t === "str" ? name.v : "a variable") : (o ?? NONE));
/** The methods that read one variable; `before` looks first whether that may be done. */
function readable(m, method, before) {
    method("get", ([name = NONE, fallback = NONE], kwargs) => {
        before(name);
        return getVariable(m, name, kwargs.get("default") ?? fallback);
    });
    method("__getitem__", ([name = NONE]) => {
        before(name);
        return item(m, name);
    });
    method("__contains__", ([name = NONE]) => {
        before(name);
        return pure(m, [readVariable(m, name, null)], ([o]) => (o?.t === "missing" ? FALSE : TRUE));
    });
}
/**
 * `os.environ.copy()`: a dict that is read like the environment, as long as nobody writes to it, and of each variable as
 * long as that was not written since.
 */
function environmentCopy(m) {
    const cls = { t: "class", name: "dict", bases: [], unknownBase: null, scope: scope() };
    const self = { t: "instance", cls, scope: scope(), id: nextId() };
    const method = (name, call) => {
        cls.scope.slots.set(name, values_native(name, call));
    };
    const before = new Map(m.environment.slots);
    let written = false;
    const asThen = (name) => {
        const now = m.environment.slots;
        const names = name.t === "str" ? [name.v, "\0open"] : [...new Set([...before.keys(), ...now.keys()])];
        if (written || self.scope.slots.has("\0open") || names.some((n) => before.get(n) !== now.get(n)))
            gap("a copy of os.environ that was written to");
    };
    readable(m, method, asThen);
    for (const name of [
        "__setitem__",
        "__delitem__",
        "setdefault",
        "pop",
        "popitem",
        "update",
        "clear",
        "__ior__",
    ])
        method(name, () => {
            written = true;
            return gap(`${name} of a copy of os.environ`);
        });
    return self;
}
/** Nothing but texts goes into the environment. */
const texts = (m, v) => pure(m, [v], ([o]) => o && isNone(o, "str") ? raiseProven(m, isNone(o, "str"), "TypeError", "str expected") : o);

;// CONCATENATED MODULE: ./build/src/python/stdlib/os.js












/** `os.fspath`: objects of classes that say what path they are. */
function fspath(m, v) {
    if (!leaves(v).some((o) => o.t === "instance"))
        return v;
    return each(m, v, (o) => {
        const own = o.t === "instance" && classSlot(m, o.cls, "__fspath__");
        return own ? callMethod(m, o, "__fspath__", []) : o;
    });
}
/** Applies to the texts of paths; an unknown path gives an unknown one. */
function onPaths(m, given, make, facts) {
    const args = given.map((v) => fspath(m, v));
    return pure(m, args, (found) => {
        const hidden = found.find((o) => o.t === "unknown");
        if (hidden) {
            const from = hidden.from ? { from: hidden.from } : {};
            return gap(hidden.reason, { ...facts, ...from });
        }
        if (found.some((o) => o.t === "bytes") || found.length === 0)
            return gap("a path in bytes");
        return make(found.map((o) => o.t === "str" || o.t === "path" || o.t === "bytes"
            ? o.v
            : raiseProven(m, isNone(o, "str", "bytes", "path"), "TypeError", `expected str, bytes or os.PathLike object, not ${typeName(o)}`)));
    });
}
const TEXT = { type: "str" };
const os_PATH = { type: "str", truthy: true };
/** The others give a text that may be empty, as for an empty path. */
const FACTS = {
    isabs: {},
    split: {},
    splitext: {},
    abspath: os_PATH,
    realpath: os_PATH,
    normpath: os_PATH,
};
/** Of several parts one that is not empty is enough. */
const isFilled = (parts) => parts.some((part) => leaves(part).every((o) => (o.t === "str" || o.t === "path") && o.v !== ""));
function osPath(m) {
    const one = (name, make) => [
        name,
        fn(name, (args) => args.length === 1
            ? onPaths(m, args, ([p = ""]) => make(p), FACTS[name] ?? TEXT)
            : gap(`the arguments of ${name}()`)),
    ];
    const absolute = (p) => /^\/\/(?!\/)|\0/.test(p) ? gap("a path with two slashes") : str(normPath(joinPath(treePath(m.root), p)));
    return {
        ...Object.fromEntries([
            one("dirname", (p) => str(dirName(p))),
            one("basename", (p) => str(baseName(p))),
            one("abspath", absolute),
            one("realpath", absolute),
            one("normpath", (p) => (/^\/\/(?!\/)/.test(p) ? gap("a path with two slashes") : str(normPath(p)))),
            one("isabs", (p) => bool(p.startsWith("/"))),
            one("splitext", (p) => tuple(splitExtension(p).map(str))),
            one("split", (p) => tuple([str(dirName(p)), str(baseName(p))])),
            one("expanduser", (p) => p.startsWith("~") ? unknown("the home folder", { type: "str", truthy: true }) : str(p)),
            one("expandvars", (p) => (p.includes("$") ? unknown("expandvars()", { type: "str" }) : str(p))),
            one("normcase", (p) => str(p)),
        ]),
        join: fn("join", (args) => onPaths(m, args, (paths) => str(joinPath(...paths)), isFilled(args) ? os_PATH : TEXT)),
        relpath: fn("relpath", (args) => onPaths(m, args[1]?.t === "none" ? args.slice(0, 1) : args, ([p = "", from]) => p === ""
            ? raise(m, "ValueError", "no path specified")
            : str(relativePath(joinPath(treePath(m.root), p), joinPath(treePath(m.root), from ?? ""))), os_PATH)),
        exists: fn("exists", ([p = NONE]) => exists(m, p, null)),
        lexists: fn("lexists", ([p = NONE]) => exists(m, p, null)),
        isfile: fn("isfile", ([p = NONE]) => exists(m, p, "file")),
        isdir: fn("isdir", ([p = NONE]) => exists(m, p, "folder")),
        sep: str("/"),
        pathsep: str(":"),
        pardir: str(".."),
        curdir: str("."),
    };
}
function osModule(m, path) {
    const environ = environObject(m);
    const nothing = (name) => [name, fn(name, () => NONE)];
    const open = (name, type) => [
        name,
        fn(name, () => unknown(`os.${name}()`, type ? { type, truthy: true } : {})),
    ];
    return {
        path,
        environ,
        getenv: fn("getenv", ([name = NONE, fallback = NONE], kwargs) => getVariable(m, name, kwargs.get("default") ?? fallback)),
        getcwd: fn("getcwd", () => str(treePath(m.root))),
        listdir: fn("listdir", ([p = str(".")]) => each(m, p, (o) => {
            const own = o.t === "str" || o.t === "path" ? inTree(m, o.v) : null;
            if (own === null)
                return unknown("a folder on the host");
            const inside = (f) => (own === "" ? !f.includes("/") : dirName(f) === own);
            return list([...m.files, ...m.folders]
                .filter((f) => f && inside(f))
                .sort()
                .map((f) => str(baseName(f))), m.pc);
        })),
        fspath: fn("fspath", ([p = NONE]) => onPaths(m, [p], ([x = ""]) => str(x), TEXT)),
        name: str("posix"),
        sep: str("/"),
        linesep: str("\n"),
        pathsep: str(":"),
        pardir: str(".."),
        curdir: str("."),
        devnull: str("/dev/null"),
        F_OK: num(0),
        R_OK: num(4),
        W_OK: num(2),
        X_OK: num(1),
        cpu_count: fn("cpu_count", () => unknown("the number of processors", { type: "int", truthy: true })),
        urandom: fn("urandom", ([n]) => unknown("os.urandom()", {
            type: "bytes",
            truthy: true,
            generated: true,
            ...(n?.t === "num" ? { length: n.v } : {}),
        })),
        access: fn("access", ([p = NONE]) => exists(m, p, null)),
        ...Object.fromEntries(["makedirs", "mkdir", "umask", "chmod", "remove", "unlink", "system", "chdir", "putenv"].map(nothing)),
        ...Object.fromEntries([
            open("getpid", "int"),
            open("getuid"),
            open("getlogin", "str"),
            open("uname"),
            open("popen"),
            open("stat"),
            open("walk"),
            open("scandir"),
        ]),
    };
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/pathlib.js









const path = (v) => ({ t: "path", v: cleanPath(v) });
/** `Path(...)`, `PurePath(...)`. */
function pathClass(m, name) {
    const cls = { t: "class", name, bases: [], unknownBase: null, scope: scope() };
    cls.construct = (args) => pathlib_joined(m, args);
    cls.scope.slots.set("cwd", values_native("cwd", () => path(treePath(m.root))));
    cls.scope.slots.set("home", values_native("home", () => unknown("the home folder", { type: "path", truthy: true })));
    return cls;
}
function pathlib_joined(m, given) {
    const parts = given.map((v) => fspath(m, v));
    return pure(m, parts, (found) => {
        const texts = [];
        for (const o of found) {
            if (o.t === "unknown")
                return unknown(o.reason, { type: "path", truthy: true, ...(o.from ? { from: o.from } : {}) });
            if (o.t !== "str" && o.t !== "path")
                return raiseProven(m, isNone(o, "str", "path"), "TypeError", `expected str, bytes or os.PathLike object, not ${typeName(o)}`);
            texts.push(o.v);
        }
        return path(joinPath(...texts));
    });
}
const absolute = (m, p) => normPath(joinPath(treePath(m.root), p));
/** An attribute of a path, or null. */
function pathAttribute(m, p, name) {
    switch (name) {
        case "parent":
            return path(dirName(p) || ".");
        case "parents":
            return { ...list(ancestors(p).map(path), m.pc), kind: "_PathParents" };
        case "name":
            return str(nameOf(p));
        case "stem":
        case "suffix": {
            if (nameOf(p).endsWith(".") && nameOf(p) !== "..")
                return gap(`Path.${name}`);
            const [stem, suffix] = nameOf(p) === ".." ? ["..", ""] : splitExtension(nameOf(p));
            return str(name === "stem" ? stem : suffix);
        }
        case "parts":
            return tuple([...(p.startsWith("/") ? ["/"] : []), ...p.split("/").filter((part) => part && part !== ".")].map(str));
        default: {
            const method = METHODS[name];
            return Object.hasOwn(METHODS, name) && method
                ? values_native(name, (args, kwargs) => (kwargs.size > 0 && !KEYWORDS.has(name)) ||
                    (method.length === 2 && args.length > 0 && name !== "resolve")
                    ? gap(`Path.${name}`)
                    : method(m, p, args))
                : null;
        }
    }
}
const nameOf = (p) => (p === "." ? "" : baseName(p));
function ancestors(p) {
    const up = dirName(p) || ".";
    return up === p || p === "." ? [] : [up, ...ancestors(up)];
}
/** Methods of which what is given by name changes nothing that we say. */
const KEYWORDS = new Set(["mkdir", "touch", "resolve", "read_text", "write_text", "open", "exists"]);
const METHODS = {
    resolve: (m, p) => path(absolute(m, p)),
    absolute: (m, p) => path(joinPath(treePath(m.root), p)),
    expanduser: (_m, p) => p.startsWith("~") ? unknown("the home folder", { type: "path", truthy: true }) : path(p),
    joinpath: (m, p, args) => pathlib_joined(m, [str(p), ...args]),
    exists: (m, p) => exists(m, str(p), null),
    is_file: (m, p) => exists(m, str(p), "file"),
    is_dir: (m, p) => exists(m, str(p), "folder"),
    is_absolute: (_m, p) => bool(p.startsWith("/")),
    as_posix: (_m, p) => str(p),
    __str__: (_m, p) => str(p),
    __fspath__: (_m, p) => str(p),
    as_uri: (_m, p) => (/^\/[\w./-]*$/.test(p) ? str(`file://${p}`) : gap("Path.as_uri")),
    mkdir: () => NONE,
    touch: () => NONE,
    write_text: (m, p, [text = NONE]) => writeText(m, p, text),
    write_bytes: (m, p, [text = NONE]) => writeText(m, p, text),
    read_text: (m, p) => readText(m, str(p)),
    read_bytes: (m, p) => inBytes(m, readText(m, str(p))),
    open: (m, p, args) => openFile(m, str(p), args[0] ?? str("r")),
    with_name: (m, p, [name = NONE]) => each(m, name, (n) => n.t === "str" && n.v !== "" && !/^\.$|\//.test(n.v) && nameOf(p) !== ""
        ? pathlib_joined(m, [str(dirName(p)), n])
        : gap("Path.with_name")),
    with_suffix: (m, p, [suffix = NONE]) => each(m, suffix, (s) => s.t === "str" && (s.v === "" || /^\.[^./]+$/.test(s.v)) && nameOf(p) !== ""
        ? path(splitExtension(p)[0] + s.v)
        : gap("Path.with_suffix")),
    relative_to: (m, p, [from = NONE, ...more]) => each(m, from, (f) => {
        if (more.length > 0)
            return gap("Path.relative_to");
        if ((f.t !== "str" && f.t !== "path") || p.startsWith("/") !== f.v.startsWith("/"))
            return gap("Path.relative_to");
        if (/(^|\/)\.\.(\/|$)/.test(`${p}/${f.v}`))
            return gap("Path.relative_to");
        const inside = relativePath(p, f.v);
        return /^\.\.(\/|$)/.test(inside)
            ? raise(m, "ValueError", `'${p}' is not in the subpath of '${f.v}'`)
            : path(inside);
    }),
    iterdir: (m, p) => listing(m, p, "*"),
    glob: (m, p, [pattern = NONE]) => (pattern.t === "str" ? listing(m, p, pattern.v) : unknown("a glob")),
    rglob: (m, p, [pattern = NONE]) => pattern.t === "str" ? listing(m, p, `**/${pattern.v}`) : unknown("a glob"),
};
function listing(m, p, pattern) {
    const found = globTree(m, joinPath(p, pattern));
    if (found === null)
        return gap(`files of ${p} on the host`);
    return { ...list(found.map(path), m.pc), kind: "generator", once: true };
}
/** Paths of the repository that match, sorted; null when the pattern is about files outside. */
function globTree(m, pattern) {
    const own = inTree(m, pattern);
    if (own === null)
        return null;
    const text = [...m.files, ...m.folders].filter(Boolean).join("\n");
    const found = askPattern(m, { source: globPattern(own), flags: "", text, act: "filter" });
    return found === null ? null : found.answer.sort().map((f) => treePath(f));
}

;// CONCATENATED MODULE: ./build/src/python/builtins/set-attributes.js









/** `v.name = value`; what has no names of its own may refuse it, or keep it where nobody looks. */
function setAttribute(m, v, name, value) {
    each(m, v, (o) => {
        const into = scopeOf(o);
        const own = o.t === "instance" ? classSlot(m, o.cls, name) : null;
        const setter = o.t === "instance" ? classSlot(m, o.cls, "__setattr__") : null;
        if (setter?.t === "func")
            callValue(m, { t: "bound", self: o, func: setter }, [str(name), value]);
        else if (own !== null && leaves(own).some((x) => x.t === "instance" && x.cls.name === "property"))
            return gap(`a property ${name} that is set`);
        else if (into)
            write(m, into, name, value);
        else if (o.t !== "unknown")
            raiseProven(m, lacksAttribute(o, name), "AttributeError", lacks(o, name));
        else
            mayRaise(m, { t: "bool", v: true }, o);
        return NONE;
    });
}
/** `del v.name` */
function deleteAttribute(m, v, name) {
    each(m, v, (o) => {
        const into = scopeOf(o);
        if (!into)
            return gap(`del of an attribute of a ${typeName(o)}`);
        if (narrow(m, into.slots.get(name) ?? MISSING).t === "missing")
            return gap(`del .${name}`);
        write(m, into, name, MISSING);
        return NONE;
    });
}
function scopeOf(o) {
    return o.t === "instance" || o.t === "class" || o.t === "module" ? o.scope : null;
}
/** What Python says of an attribute that is not there. */
const lacks = (o, name) => o.t === "module"
    ? `module '${o.name}' has no attribute '${name}'`
    : `'${typeName(o)}' object has no attribute '${name}'`;

;// CONCATENATED MODULE: ./build/src/python/objects/methods/numbers.js


/** An attribute of a number or a flag; null for what is not modelled. */
function numberAttribute(_m, o, name) {
    const v = Number(o.v);
    const float = o.t === "num" && o.float;
    const method = (make) => values_native(name, (args) => (args.length > 0 ? gap(name) : make()));
    switch (name) {
        case "real":
            return num(v, float);
        case "imag":
            return num(0, float);
        case "numerator":
            return num(v);
        case "denominator":
            return num(1);
        case "conjugate":
            return method(() => num(v, float));
        case "bit_length":
            return method(() => num(v === 0 ? 0 : Math.abs(v).toString(2).length));
        case "is_integer":
            return method(() => (float ? bool(Number.isInteger(v)) : gap(name)));
        default:
            return null;
    }
}

;// CONCATENATED MODULE: ./build/src/python/objects/methods/sets.js











const sets_OPERATORS = {
    union: "BitOr",
    intersection: "BitAnd",
    difference: "Sub",
    symmetric_difference: "BitXor",
};
const IN_PLACE = {
    update: "BitOr",
    intersection_update: "BitAnd",
    difference_update: "Sub",
    symmetric_difference_update: "BitXor",
};
const OTHERS = new Set(["add", "remove", "discard", "clear", "copy", "issubset", "issuperset", "isdisjoint"]);
/** Is the method of sets modelled? */
const isSetMethod = (name) => Object.hasOwn(sets_OPERATORS, name) || Object.hasOwn(IN_PLACE, name) || OTHERS.has(name);
/** A method of a set or a frozenset. */
function setMethod(m, self, name, args, kwargs) {
    if (kwargs.size > 0)
        return gap(`the arguments of set.${name}`);
    const op = sets_OPERATORS[name] ?? IN_PLACE[name];
    if (op) {
        if (op === "BitXor" && args.length !== 1)
            return gap(`the arguments of set.${name}`);
        let out = self;
        for (const a of args)
            out = setOperation(m, op, out, asSet(m, a));
        if (name in sets_OPERATORS)
            return { ...out, id: nextId(), born: m.pc };
        setContent(m, self, out.content);
        return NONE;
    }
    const [first] = args;
    if (args.length !== (name === "clear" || name === "copy" ? 0 : 1))
        return gap(`the arguments of set.${name}`);
    switch (name) {
        case "clear":
            mutate(m, self, () => []);
            return NONE;
        case "copy":
            return { ...self, id: nextId(), born: m.pc };
        case "add":
            return add(m, self, first);
        case "discard":
        case "remove":
            return sets_remove(m, self, first, name === "remove");
        case "isdisjoint":
            return isWithin(m, asSet(m, first), self, true);
        case "issubset":
            return isWithin(m, self, asSet(m, first), false);
        default:
            return isWithin(m, asSet(m, first), self, false);
    }
}
function asSet(m, v) {
    const made = v.t === "set" ? v : callValue(m, m.builtins.get("set"), [v]);
    return made.t === "set" ? made : gap("a set");
}
function add(m, self, v) {
    const all = leaves(v);
    if (all.some((o) => isUnhashable(o) || mayBeUnhashable(o))) {
        if (v.t === "choice" || all.some(mayBeUnhashable))
            forget_forget(m, [self], "set.add");
        return gap("an element of a set");
    }
    const next = pure(m, [self.content], ([c]) => unique(m, [...itemsIn(c), v]));
    setContent(m, self, next);
    return NONE;
}
function sets_remove(m, self, wanted, strict) {
    if (leaves(wanted).some((o) => isUnhashable(o) || mayBeUnhashable(o))) {
        forget_forget(m, [self], "set.remove");
        return gap("an element that cannot be one");
    }
    const there = pure(m, [self.content], ([c]) => memberOf(m, wanted, itemsIn(c)));
    if (strict)
        raiseWhere(m, not(there), makeError(m, "KeyError", "not in the set"));
    if (!possible(m.pc))
        return NONE;
    const next = pure(m, [self.content], ([c]) => {
        let out = tuple([]);
        for (const item of itemsIn(c)) {
            const keep = item.t === "unknown" && item.splat ? not(tuple([])) : not(equal(m, item, wanted));
            out = pure(m, [out], ([o]) => ite(keep, tuple([...itemsIn(o), item]), o));
        }
        return out;
    });
    setContent(m, self, next);
    return NONE;
}
/** Is every item of one in the other (or none of them)? */
function isWithin(m, a, b, none) {
    return pure(m, [a.content, b.content], ([x, y]) => {
        let all = { t: "bool", v: true };
        for (const item of itemsIn(x)) {
            if (item.t === "unknown" && item.splat)
                return gap("a comparison of sets");
            const there = memberOf(m, item, itemsIn(y));
            all = ite(none ? not(there) : there, all, { t: "bool", v: false });
        }
        return all;
    });
}


;// CONCATENATED MODULE: ./build/src/python/builtins/type-attributes.js
















/** The modelled attributes of Python's own types; null for all others. */
function builtinAttribute(m, o, name, follow) {
    const type = exactType(o);
    if (type === null || !typeAttribute(type, name))
        return null;
    const special = protocol(m, o, name);
    if (special)
        return special;
    switch (o.t) {
        case "str":
        case "bytes":
            if (!isStringMethod(name))
                return null;
            return values_native(name, (args, kwargs) => {
                for (const a of args)
                    noteInterest(m, o, name, [a]);
                startAll(m, args);
                return stringMethod(m, o, name, args, kwargs, follow);
            });
        case "list":
            if (o.kind && o.kind !== "deque")
                return null;
            return isListMethod(name) ? values_native(name, (args, kwargs) => listMethod(m, o, name, args, kwargs)) : null;
        case "set":
            return isSetMethod(name) ? values_native(name, (args, kwargs) => setMethod(m, o, name, args, kwargs)) : null;
        case "tuple": {
            if (name !== "index" && name !== "count")
                return null;
            return values_native(name, (args, kwargs) => listMethod(m, asList(m, o), name, args, kwargs));
        }
        case "dict":
            return dictMethod(m, o, name);
        case "num":
        case "bool":
            return numberAttribute(m, o, name);
        default:
            return null;
    }
}
const asList = (m, o) => ({ ...list([], m.pc), content: o });
/** The methods by which operators work are the operators: `"a".__contains__("b")`. */
const PROTOCOL = {
    __len__: "len",
    __str__: "str",
    __repr__: "repr",
    __bool__: "bool",
    __iter__: "iter",
    __next__: "next",
    __int__: "int",
    __float__: "float",
};
const OPERATIONS = {
    __getitem__: getItemOf,
    __contains__: containsOf,
};
function getItemOf(m, self, a) {
    return getItem(m, self, a);
}
function containsOf(m, self, a) {
    return compare(m, "In", a, self);
}
function protocol(m, o, name) {
    const by = PROTOCOL[name];
    const fn = by ? m.builtins.get(by) : undefined;
    if (fn)
        return values_native(name, (args) => (args.length > 0 ? gap(name) : callValue(m, fn, [o])));
    const operation = OPERATIONS[name];
    return operation
        ? values_native(name, ([a, ...more]) => (a && more.length === 0 ? operation(m, o, a) : gap(name)))
        : null;
}
/** Is an object of a type, or of one below it? */
function isOf(o, type) {
    const own = exactType(o);
    return own !== null && isKindOf(own, type);
}
/** `str.strip`, `dict.fromkeys`: attributes of the types themselves; null for what is not modelled. */
function unboundAttribute(m, cls, name, get) {
    const made = classMethods(m, cls, name);
    if (made)
        return made;
    if (typeAttribute(cls.name, name)?.has !== "method" ||
        /^__(new|init|class|subclasshook|init_subclass)/.test(name))
        return null;
    return values_native(name, ([self, ...args], kwargs) => {
        if (self && leaves(self).every((o) => isOf(o, cls.name)))
            return callValue(m, get(self), args, kwargs);
        forget_forget(m, [...(self ? [self] : []), ...args, ...kwargs.values()], `${cls.name}.${name}`);
        return gap(`${cls.name}.${name}`);
    });
}
const type_attributes_pairOf = (k, v) => (k.t === "unknown" && k.splat ? k : tuple([k, v]));
function classMethods(m, cls, name) {
    if (name === "fromkeys" && cls.name === "dict")
        return values_native(name, ([keys = NONE, v = NONE]) => {
            const pairs = itemsOrRaise(m, keys);
            if (!possible(m.pc))
                return NONE;
            return callValue(m, cls, [
                { ...list([], m.pc), content: pure(m, [pairs], ([c]) => tuple(itemsIn(c).map((k) => type_attributes_pairOf(k, v)))) },
            ]);
        });
    if (name === "maketrans" && cls.name === "str")
        return values_native(name, (args) => translation(m, args));
    if (name === "fromhex" && cls.name === "bytes")
        return values_native(name, ([text = NONE]) => fromHex(m, text));
    return null;
}

;// CONCATENATED MODULE: ./build/src/python/builtins/class-attributes.js











/** An attribute of a class, null when it has none of that name. */
function classAttribute(m, cls, name) {
    if (name === "__name__" || name === "__qualname__")
        return str(cls.name);
    if (name === "__dict__")
        return namespaceDict(cls.scope);
    if (name === "__members__")
        return unknown("members of an enumeration");
    if (name === "__mro__")
        return tuple(lineage(cls));
    if (name === "__bases__")
        return tuple(cls.bases);
    const slot = classSlot(m, cls, name);
    if (slot === null && name === "__new__" && cls.name === "object")
        return values_native("__new__", ([c = cls]) => blank(m, c));
    if (slot === null && name === "__new__" && !cls.construct && !isPythons(cls))
        return values_native("__new__", ([c = cls]) => blank(m, c));
    if (slot === null && name === "__init__" && !isPythons(cls))
        return values_native("__init__", () => NONE);
    if (slot === null && isPythons(cls) && !cls.bound)
        return ofBuiltinType(m, cls, name);
    return slot === null
        ? null
        : pure(m, [slot], ([o]) => (o ? (cls.bound ? bindToSuper(m, cls.bound, o) : bindToClass(cls, o)) : NONE));
}
/** `str.strip`, `object.__setattr__`: of a type of Python's own. */
function ofBuiltinType(m, cls, name) {
    if (name === "__setattr__" && cls.name === "object")
        return values_native(name, ([self = NONE, key = NONE, v = NONE]) => {
            if (key.t !== "str")
                return gap("object.__setattr__");
            setAttribute(m, self, key.v, v);
            return NONE;
        });
    return unboundAttribute(m, cls, name, (o) => m.core.getAttribute(m, o, name));
}
/** What an attribute found by `super()` is, seen from the object. */
function bindToSuper(m, self, o) {
    if (self.t === "instance")
        return bindToInstance(m, self, o);
    return o.t === "func" ? o : bindToClass(self, o);
}
/** `object.__new__(cls)`. */
function blank(m, cls) {
    if (cls.t !== "class")
        return unknown("object.__new__()");
    return { t: "instance", cls, scope: scope(m.pc), id: nextId() };
}
function bindToClass(cls, o) {
    if (o.t === "instance" && o.cls.name === "staticmethod")
        return o.scope.slots.get("func") ?? NONE;
    if (o.t === "instance" && o.cls.name === "classmethod") {
        const func = o.scope.slots.get("func");
        return func && func.t !== "choice" ? { t: "bound", self: cls, func } : unknown("a class method");
    }
    return o;
}
/** An attribute of an object of a class: its own, then its class's, bound to it; null when there is none. */
function instanceAttribute(m, o, name) {
    if (isUnknownError(o))
        return gap("an attribute of an exception");
    if (name === "__class__")
        return o.cls;
    if (name === "__dict__")
        return namespaceDict(o.scope, o.id);
    if (o.cls.scope.places && classSlot(m, o.cls, "__getattribute__")?.t === "func")
        return gap("__getattribute__");
    const own = read(m, o.scope, name);
    const slot = classSlot(m, o.cls, name);
    const open = o.scope.slots.get("\0open");
    const isOwn = toCondition(own, (x) => x.t !== "missing");
    if (isOwn.t === "bool" && isOwn.v)
        return own;
    // Something unknown may have given it any value, or taken it away; methods stay what they are.
    if (open?.t === "unknown" && !possible(isOwn) && slot?.t !== "func")
        return gap(open.reason, open.from ? { from: open.from } : {});
    if (slot !== null) {
        const bound = each(m, slot, (x) => bindToInstance(m, o, x));
        return possible(isOwn) ? ite(isOwn, own, bound) : bound;
    }
    if (possible(isOwn))
        return own;
    const dynamic = classSlot(m, o.cls, "__getattr__");
    if (dynamic && dynamic.t === "func")
        return callValue(m, { t: "bound", self: o, func: dynamic }, [str(name)]);
    return null;
}
function bindToInstance(m, o, x) {
    if (x.t === "func" || (x.t === "native" && x.name.startsWith("method:")))
        return { t: "bound", self: o, func: x };
    if (x.t !== "instance")
        return x;
    if (x.cls.name === "property" || x.cls.name === "cached_property")
        return callValue(m, x.scope.slots.get("func") ?? NONE, [o]);
    return bindToClass(o.cls, x);
}

;// CONCATENATED MODULE: ./build/src/python/builtins/attributes.js


















/** `v.name`; `fallback` is what getattr gives instead of AttributeError. */
function getAttribute(m, v, name, fallback) {
    const here = narrow(m, v);
    // A method of a text that depends on a variable is applied to all its cases at once.
    if (here.t === "choice" && isStringMethod(name) && leaves(here).every((o) => o.t === "str"))
        return values_native(name, (args, kwargs) => {
            noteInterest(m, here, name, args);
            startAll(m, args);
            return pure(m, [here], ([o]) => stringMethod(m, o, name, args, kwargs, (x, p) => follow(m, x, p)));
        });
    return each(m, here, (o) => {
        const found = leafAttribute(m, o, name);
        if (found === null)
            return absent(m, o, name, fallback);
        const there = toCondition(found, (x) => x.t !== "missing");
        if (there.t === "bool" && there.v)
            return found;
        return pure(m, [found], ([x]) => (x?.t === "missing" ? absent(m, o, name, fallback) : x));
    });
}
/**
 * What an object has not got as far as we know: an AttributeError where that is proven, else something that is not
 * modelled. A method of that kind may change its object and what it is given.
 */
function absent(m, o, name, fallback) {
    // Models ask for what they themselves have set.
    if (fallback && m.frame.file.startsWith("<") && o.t !== "unknown")
        return fallback;
    const proof = lacksAttribute(o, name) ?? lacksInModule(m, o, name);
    if (proof)
        return fallback ?? raiseProven(m, proof, "AttributeError", lacks(o, name));
    const type = exactType(o) ?? (o.t === "class" && isPythons(o) ? o.name : null);
    const reason = `${type ?? typeName(o)}.${name}`;
    if (type === null || typeAttribute(type, name)?.has !== "method")
        return gap(reason);
    return values_native(name, (args, kwargs) => {
        forget_forget(m, [o, ...args, ...kwargs.values()], reason);
        return gap(reason);
    });
}
/** A module of the project has what it has set, and its submodules: nothing else. */
function lacksInModule(m, o, name) {
    if (o.t !== "module" || o.external || o.scope.slots.has("__getattr__") || /^__\w+__$/.test(name))
        return null;
    return findModule(m, `${o.name}.${name}`) ? null : lacksInScope(o);
}
/** The attribute, or null when the object has none of that name. */
function leafAttribute(m, o, name) {
    switch (o.t) {
        case "unknown":
            if (o.type === "str")
                return typeAttribute("str", name) ? knownTextMethod(o, name) : null;
            return unknown(o.reason, {
                ...(o.from ? { from: o.from } : {}),
                ...(o.generated ? { generated: true } : {}),
            });
        case "module": {
            const slot = read(m, o.scope, name);
            if (slot.t !== "missing")
                return slot;
            if (name === "__dict__" && (!o.external || o.scope.slots.size > 0))
                return namespaceDict(o.scope);
            if (!o.external)
                return o.scope.slots.get("\0open") ?? null;
            mayBeAbsent(m, o, name, "AttributeError");
            return unknown(`${o.name}.${name} is outside the project`);
        }
        case "tuple":
            if (o.fields?.includes(name))
                return o.items[o.fields.indexOf(name)] ?? NONE;
            return builtinAttribute(m, o, name, (x, p) => follow(m, x, p));
        case "path":
            return pathAttribute(m, o.v, name);
        case "class":
            return classAttribute(m, o, name);
        case "instance":
            return instanceAttribute(m, o, name);
        case "func":
            return name === "__name__" ? str(o.name) : name === "__call__" ? o : null;
        case "native":
            return name === "__name__" ? str(o.name) : name === "__call__" ? o : null;
        case "bound":
            return name === "__self__" ? o.self : leafAttribute(m, o.func, name);
        case "missing":
        case "raised":
        case "notFollowed":
        case "place":
            return null;
        default:
            return builtinAttribute(m, o, name, (x, p) => follow(m, x, p));
    }
}
/** What methods of a text that is not known still tell. */
function knownTextMethod(o, name) {
    const kept = { ...(o.from ? { from: o.from } : {}), ...(o.generated ? { generated: true } : {}) };
    const same = /^(lower|upper|title|strip|lstrip|rstrip|replace|encode|decode|format|join|capitalize|zfill)$/;
    return values_native(name, () => {
        if (/^(lower|upper|title|capitalize|encode|decode)$/.test(name))
            return { ...o, ...kept };
        // What random keys are made of has no blanks.
        if (o.generated && /strip$/.test(name))
            return o;
        if (same.test(name))
            return unknown(o.reason, { type: "str", ...kept });
        if (/split$/.test(name))
            return unknown(o.reason, { type: "list", truthy: true, ...kept });
        return unknown(o.reason, kept);
    });
}
/** The `.a[b]` part of a format field. */
function follow(m, v, path) {
    let out = v;
    for (const match of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
        if (match[1] !== undefined)
            out = getAttribute(m, out, match[1]);
        else
            out = getItem(m, out, /^\d+$/.test(match[2] ?? "") ? num(Number(match[2])) : str(match[2] ?? ""));
    }
    return out;
}

// EXTERNAL MODULE: ./node_modules/py-ast/dist/index.esm.js
var index_esm = __webpack_require__(6983);
;// CONCATENATED MODULE: ./build/src/python/source/rewritten.js
// What Python reads and py-ast does not, written so that it does. Lines stay where they are, and so do the columns of
// all others.
/** How Python itself sees a text before it reads it: ends of lines are one character, a form feed is nothing. */
function normalised(text) {
    return (text
        .replace(/^\uFEFF/, "")
        .replace(/\r\n?/g, "\n")
        // Before a statement it counts for nothing, nor does what stands before it: a page begins there.
        .replace(/^(?:[ \t]*\f)+/gm, "")
        .replace(/\f/g, " "));
}
/** Lines that are longer are left alone: nobody writes them by hand, and the patterns would take too long. */
const LONGEST = 2000;
/** The text with brackets where py-ast needs them, and `for` where it reads no `async for`. */
function rewritten(source) {
    const code = blotted(source).split("\n");
    return source
        .split("\n")
        .map((line, i) => (line.length > LONGEST ? line : rewrittenLine(line, code[i])))
        .join("\n");
}
/** A source of the same length and lines in which nothing of comments and texts is left but underscores. */
const blotted = (source) => source.replace(NO_CODE, (found) => found.replace(/[^\n]/g, "_"));
/** Comments and texts, of one line or of several. */
const NO_CODE = /#[^\n]*|"""(?:\\[\s\S]|(?!""")[^\\])*"""|'''(?:\\[\s\S]|(?!''')[^\\])*'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;
/** A head, what needs brackets, and what follows: `except a, b:`, `case a, *rest:`, `match a, b:`. */
const UNBRACKETED = [
    /^([ \t]*except[ \t]+)([^\s(:*][^:()]*,[^:()]*)(?=:)/,
    /^([ \t]*case[ \t]+)([^:]*,[^:]*?)(?=(?:[ \t]+if\b.*)?:)/,
    /^([ \t]*match[ \t]+)([^:([{]*,[^:]*)(?=:[ \t_]*$)/,
];
/** In a set or a dict py-ast reads `for` only; a line that begins with `async for` and ends with a colon is a loop. */
const ASYNC = /(?<=\S.*)\basync(?=[ \t]+for\b)|(?<=^[ \t]*)async(?=[ \t]+for\b(?!.*:[ \t_]*$))/g;
/** `code` is the line with its texts and comments blotted out. */
function rewrittenLine(line, code) {
    for (const pattern of UNBRACKETED) {
        const [, head = "", inner = ""] = pattern.exec(code) ?? [];
        const end = head.length + inner.length;
        if (inner)
            return `${head}(${line.slice(head.length, end)})${line.slice(end)}`;
    }
    let out = line;
    for (const { index } of code.matchAll(ASYNC))
        out = `${out.slice(0, index)}     ${out.slice(index + 5)}`;
    return out;
}

;// CONCATENATED MODULE: ./build/src/python/source/mended.js

const WIDE = /[^\0-\x7f]/;
/**
 * Mends a tree in its place: columns count characters (UTF-16), not bytes of UTF-8; names are in Python's normal form;
 * `(x): int` annotates no simple name; `a[*b]` has a tuple in its brackets.
 */
function mend(body, source) {
    if (/^[ \t]*\(/m.test(source))
        markAnnotations(body);
    const wide = WIDE.test(source);
    if (!wide && !/\[\s*\*/.test(source))
        return;
    const lines = source.split("\n");
    const mends = [packSlice];
    if (wide)
        mends.push(inCharacters(lines));
    if (wide && WIDE.test(blotted(source)))
        mends.push(normaliseNames);
    mended_visit(body, new Set(), within(lines), (node) => {
        for (const one of mends)
            one(node);
    });
}
/** Tells whether there may be something to mend in a node: most have nothing, and nothing in them is looked at. */
function within(lines) {
    const before = [0];
    for (const line of lines)
        before.push(before.at(-1) + (WIDE.test(line) || /\[\s*(\*|$)/.test(line) ? 1 : 0));
    return ({ lineno, end_lineno, decorator_list }) => {
        if (lineno === undefined || end_lineno === undefined)
            return true;
        const first = decorator_list?.[0]?.lineno ?? lineno;
        return before[end_lineno] !== before[first - 1];
    };
}
/** Every node below one, as far as `enters` allows. */
function mended_visit(node, seen, enters, see) {
    // Positions are changed once.
    if (!enters(node) || seen.has(node))
        return;
    seen.add(node);
    if (node.nodeType)
        see(node);
    for (const part of Object.values(node))
        if (typeof part === "object" && part !== null)
            mended_visit(part, seen, enters, see);
}
/** Bytes to characters, in lines that are not the same in both. */
function inCharacters(lines) {
    const known = new Map();
    const column = (line, bytes) => {
        if (line === undefined)
            return bytes;
        let table = known.get(line);
        if (table === undefined) {
            const text = lines[line - 1] ?? "";
            table = WIDE.test(text) ? charactersBefore(text) : null;
            known.set(line, table);
        }
        return table?.[bytes] ?? bytes;
    };
    return (node) => {
        if (node.col_offset !== undefined)
            node.col_offset = column(node.lineno, node.col_offset);
        if (node.end_col_offset !== undefined)
            node.end_col_offset = column(node.end_lineno, node.end_col_offset);
    };
}
/** How many UTF-16 units stand before each byte of a line, and before its end. */
function charactersBefore(text) {
    const table = new Uint32Array(Buffer.byteLength(text) + 1);
    let bytes = 0;
    let units = 0;
    for (const char of text) {
        table[bytes] = units;
        bytes += Buffer.byteLength(char);
        units += char.length;
    }
    table[bytes] = units;
    return table;
}
/** The fields that hold a name, or several. */
const NAMES = ["id", "attr", "arg", "name", "asname", "module", "rest", "kwd_attrs", "names"];
function normaliseNames(node) {
    if (node.nodeType === "Constant")
        return;
    for (const field of NAMES) {
        const v = node[field];
        if (typeof v === "string")
            node[field] = v.normalize("NFKC");
        else if (Array.isArray(v))
            for (const [i, one] of v.entries())
                if (typeof one === "string")
                    v[i] = one.normalize("NFKC");
    }
}
/** py-ast takes the brackets of `(x): int` away and calls it simple. */
function markAnnotations(body) {
    if (!Array.isArray(body))
        return;
    for (const node of body) {
        const target = node.nodeType === "AnnAssign" ? node.target : node;
        if (target.col_offset !== node.col_offset || target.lineno !== node.lineno)
            node.simple = 0;
        for (const part of ["body", "orelse", "finalbody", "handlers", "cases"])
            markAnnotations(node[part]);
    }
}
function packSlice(node) {
    const slice = node.nodeType === "Subscript" ? node.slice : undefined;
    if (slice?.nodeType !== "Starred")
        return;
    const { lineno, col_offset, end_lineno, end_col_offset, ctx } = slice;
    node.slice = { nodeType: "Tuple", elts: [slice], ctx, lineno, col_offset, end_lineno, end_col_offset };
}

;// CONCATENATED MODULE: ./build/src/python/source/numbers.js

/**
 * The first number that py-ast reads and Python refuses: Python 2 took `0644` for an octal one, and underscores separate
 * digits. The tree has its final positions (mended.ts).
 */
function refusedNumber(body, source) {
    if (!/\b0[\d_]|\d_(?!\d)/.test(source))
        return null;
    const lines = source.split("\n");
    let first = null;
    mended_visit(body, new Set(), () => first === null, (node) => {
        const message = whyRefused(node, lines);
        if (message)
            first ??= { lineno: node.lineno ?? 1, col_offset: node.col_offset ?? 0, message };
    });
    return first;
}
function whyRefused({ nodeType, value, ...at }, lines) {
    if (nodeType !== "Constant" || !/^(number|bigint)$/.test(typeof value))
        return null;
    const text = lines[(at.lineno ?? 1) - 1]?.slice(at.col_offset, at.end_col_offset) ?? "";
    if (!/^[\d_]+$/.test(text))
        return null;
    if (text.startsWith("0") && /[1-9]/.test(text))
        return "leading zeros are not permitted; an octal number begins with 0o";
    return /__|_$/.test(text) ? "invalid decimal literal" : null;
}

;// CONCATENATED MODULE: ./build/src/python/source/parse.js




/**
 * Parses Python 3 as CPython 3.14 would, positions as in the text given: lines from 1, columns from 0 in characters. Never throws: a statement that cannot be
 * read is left out and named in `problems`, the rest is still there.
 */
function parseModule(text) {
    const source = normalised(text);
    const lines = source.split("\n");
    const first = tryParse(source);
    const other = first.ok ? source : rewritten(source);
    const whole = other === source ? first : tryParse(other, first);
    if (whole.ok)
        return { body: whole.module.body, lines, problems: [] };
    const recovered = recover(other.split("\n"));
    return { body: recovered, lines, problems: [whole.problem] };
}
function tryParse(source, otherwise) {
    try {
        const module = (0,index_esm/* parse */.qg)(source);
        mend(module.body, source);
        const refused = refusedNumber(module.body, source);
        if (refused)
            throw refused;
        return { ok: true, module };
    }
    catch (error) {
        if (otherwise)
            return otherwise;
        // RangeError: brackets nested deeper than the stack.
        const e = error;
        const message = (e.message ?? String(error)).replace(/ at line \d+, column \d+$/, "");
        return { ok: false, problem: { line: e.lineno ?? 1, column: (e.col_offset ?? 0) + 1, message } };
    }
}
/** A text in which a character is named, which py-ast leaves as it is written: nobody here knows the names. */
const hasNamedCharacter = (node) => typeof node.value === "string" &&
    /\\N\{[^}]+\}/.test(node.value) &&
    !/^[bB]?[rR]/.test(node.quote_style ?? "");
/** A line that starts a statement at the left margin. */
const startsStatement = /^(?![\s#)\]}]|else\b|elif\b|except\b|finally\b|$)/;
/** Cuts at the left margin and keeps every piece that parses, joining the next line to one that does not. */
function recover(lines) {
    const starts = [];
    for (const [i, line] of lines.entries())
        if (startsStatement.test(line))
            starts.push(i);
    const body = [];
    for (let n = 0; n < starts.length; n++) {
        // A triple-quoted string may hold lines that look like statements: try a few longer pieces.
        for (let more = 1; more <= 4 && n + more <= starts.length; more++) {
            const from = starts[n] ?? 0;
            const to = starts[n + more] ?? lines.length;
            const piece = tryParse(`${"\n".repeat(from)}${lines.slice(from, to).join("\n")}\n`);
            if (!piece.ok)
                continue;
            body.push(...piece.module.body);
            n += more - 1;
            break;
        }
    }
    return body;
}
/** The kinds that py-ast's constants do not tell apart by their JavaScript value. */
function constantKind(node, lines) {
    if (typeof node.value === "string") {
        // Literals in patterns and f-strings carry no quote_style either: the text decides.
        if (node.quote_style === undefined)
            return node.value === "..." && lines[node.lineno - 1]?.[node.col_offset] === "." ? "ellipsis" : "plain";
        return /^[rR]?[bB]/.test(node.quote_style) ? "bytes" : "plain";
    }
    if (typeof node.value === "number") {
        const text = lines[node.lineno - 1]?.slice(node.col_offset, node.end_col_offset) ?? "";
        return /^0[xX]/.test(text) || !/[.eE]/.test(text) ? "plain" : "float";
    }
    return typeof node.value === "object" && node.value !== null ? "complex" : "plain";
}
/** `a.b.c` of a chain of names, null for anything else. */
function dottedName(node) {
    if (node.nodeType === "Name")
        return node.id;
    if (node.nodeType !== "Attribute")
        return null;
    const left = dottedName(node.value);
    return left === null ? null : `${left}.${node.attr}`;
}

;// CONCATENATED MODULE: ./build/src/python/builtins/execute-text.js






/** `exec(text)` and `eval(text)`: the text of a project's file or a constant is followed, anything else is not. */
function executeText(m, code, globals, how) {
    return each(m, code, (o) => {
        if (o.t !== "str" && o.t !== "bytes") {
            note(m, "exec", how);
            if (how === "exec")
                hostMaySet(m, "what exec() runs");
            if (how === "exec")
                m.frame.module.scope.slots.set("\0open", unknown("exec() of a text that is not known"));
            return how === "exec" ? NONE : unknown("eval() of a text that is not known");
        }
        const parsed = parseModule(how === "eval" ? o.v.trim() : o.v);
        if (parsed.problems.length > 0)
            return raise(m, "SyntaxError", parsed.problems[0]?.message ?? "invalid syntax");
        const { frame } = m;
        const scope = globals?.t === "dict" ? globals.scope : frame.scope;
        const inner = { ...frame, scope, lines: parsed.lines, outer: new Map() };
        m.frame = inner;
        let result = NONE;
        const first = parsed.body[0];
        if (how === "eval" && first?.nodeType === "Expr")
            result = m.core.evaluate(m, first.value);
        else
            m.core.execute(m, parsed.body);
        m.frame = frame;
        return result;
    });
}

;// CONCATENATED MODULE: ./build/src/python/objects/truth.js







/** The condition under which Python takes a value for true. */
function truth(m, v) {
    return asCondition(m, pure(m, [v], ([o]) => leafTruth(m, o)));
}
function leafTruth(m, o) {
    switch (o.t) {
        case "none":
            return FALSE;
        case "bool":
            return o;
        case "num":
            return bool(o.v !== 0);
        case "str":
        case "bytes":
            return bool(o.v !== "");
        case "tuple":
            return someItem(m, o.items);
        case "list":
        case "set":
            if (o.once)
                return TRUE;
            return pure(m, [o.content], ([c]) => someItem(m, itemsIn(c)));
        case "dict": {
            let any = FALSE;
            for (const { when } of keysOf(o))
                any = or(any, when);
            return o.open ? or(any, factAbout(m, o.open, "has keys")) : any;
        }
        case "unknown":
            if (o.truthy !== undefined)
                return bool(o.truthy);
            if (o.length !== undefined)
                return bool(o.length > 0);
            return factAbout(m, o, "truth");
        case "instance": {
            // timedelta() and the like carry their truth as a number.
            const total = o.scope.slots.get("_total") ?? o.scope.slots.get("\0value");
            if (total)
                return truth(m, total);
            const line = lineage(o.cls);
            if (o.cls.scope.places &&
                line.some(({ scope: { slots } }) => slots.has("__bool__") || slots.has("__len__")))
                return factAbout(m, unknownTruth(o), "truth");
            const open = o.scope.slots.get("\0open") ?? line.find((c) => c.unknownBase)?.unknownBase;
            return open ? factAbout(m, open, "truth") : TRUE;
        }
        default:
            return TRUE;
    }
}
function someItem(m, items) {
    let any = FALSE;
    for (const item of items) {
        if (item.t !== "unknown" || !item.splat)
            return TRUE;
        const among = elementsOf(item);
        if (among)
            for (const { when } of among)
                any = or(any, when);
        else
            any = or(any, factAbout(m, item, "truth"));
    }
    return any;
}
const unknownTruths = new WeakMap();
/**
 * Who only looks at values calls no methods of the project: what `__bool__` or `__len__` would say is not known, but it is
 * the same each time.
 */
function unknownTruth(o) {
    const known = unknownTruths.get(o) ?? unknown(`what an object of ${o.cls.name} is taken for`);
    unknownTruths.set(o, known);
    return known;
}

;// CONCATENATED MODULE: ./build/src/python/objects/operators/by-method.js
// Operators where objects of the project's own classes stand: by their methods, as Python asks for them.
















/** The truth of a value, by `__bool__` or `__len__` of a project's class where it has one. */
function truthOf(m, v) {
    if (!leaves(v).some((o) => o.t === "instance" && o.cls.scope.places))
        return truth(m, v);
    const found = each(m, v, (o) => {
        if (o.t !== "instance")
            return truth(m, o);
        for (const name of ["__bool__", "__len__"]) {
            const method = classSlot(m, o.cls, name);
            if (method?.t === "func")
                return truth(m, callFunction(m, method, [o], new Map()));
        }
        return truth(m, o);
    });
    return asCondition(m, found);
}
const BY_METHOD = {
    Eq: "__eq__",
    NotEq: "__eq__",
    Lt: "__lt__",
    LtE: "__le__",
    Gt: "__gt__",
    GtE: "__ge__",
};
/** A comparison, by the methods of project classes where they have them. */
function compareObjects(m, op, left, right) {
    if (op === "In" || op === "NotIn")
        return membership(m, op, left, right);
    const method = BY_METHOD[op];
    if (!method || ![...leaves(left), ...leaves(right)].some((o) => o.t === "instance"))
        return compare(m, op, left, right);
    const found = each(m, left, (a) => each(m, right, (b) => {
        const own = a.t === "instance" ? classSlot(m, a.cls, method) : null;
        if (own?.t === "func") {
            const made = callFunction(m, own, [a, b], new Map());
            return leaves(made).some((o) => o.t === "unknown" && o.reason === "NotImplemented")
                ? gap("NotImplemented")
                : truth(m, made);
        }
        const other = b.t === "instance" && b.cls.scope.places ? classSlot(m, b.cls, method) : null;
        if (own || other)
            return gap(method);
        return op === "NotEq" ? compare(m, "Eq", a, b) : compare(m, op, a, b);
    }));
    const holds = asCondition(m, found);
    return op === "NotEq" ? not(holds) : holds;
}
/** `in` and `not in`, by `__contains__` where the container is an object of a project's class. */
function membership(m, op, item, container) {
    startAll(m, [container]);
    if (!possible(m.pc))
        return FALSE;
    if (!leaves(container).some((o) => o.t === "instance")) {
        const there = compare(m, op, item, container);
        // What was looked at is gone from an iterator.
        for (const o of leaves(container))
            if (o.t === "list" && o.once)
                setContent(m, o, tuple([unknown("what is left of an iterator", { splat: true })]));
        return there;
    }
    const found = each(m, container, (o) => {
        const method = o.t === "instance" ? classSlot(m, o.cls, "__contains__") : null;
        if (o.t === "instance" && method?.t === "func")
            return truth(m, callFunction(m, method, [o, item], new Map()));
        if (method)
            return truth(m, callValue(m, method, [item]));
        if (o.t === "instance" && classSlot(m, o.cls, "__iter__")?.t === "func")
            return compare(m, "In", item, { ...list([], m.pc), content: itemsOrRaise(m, o) });
        return compare(m, "In", item, o);
    });
    const holds = asCondition(m, found);
    return op === "NotIn" ? not(holds) : holds;
}
/** Texts that something is looked for among are worth trying as its value. */
function interestedIn(m, left, right) {
    const items = right.t === "tuple" ? right : right.t === "list" || right.t === "set" ? right.content : null;
    if (items?.t === "tuple")
        for (const i of items.items)
            if (i.t === "str")
                interest(m, left, i.v);
    if (right.t === "dict")
        for (const k of right.scope.slots.keys())
            if (k[0] !== "\0")
                interest(m, left, k);
}
/** `a OP b`, by the methods of project classes where they have them. */
function operate(m, op, a, b) {
    const special = by_method_SPECIAL[op];
    if (special && [...leaves(a), ...leaves(b)].some((o) => o.t === "instance"))
        return each(m, a, (o) => each(m, b, (p) => {
            const method = o.t === "instance" ? classSlot(m, o.cls, `__${special}__`) : null;
            if (o.t === "instance" && method?.t === "func")
                return callFunction(m, method, [o, p], new Map());
            if (method)
                return callValue(m, method, [o, p]);
            const reflected = p.t === "instance" ? classSlot(m, p.cls, `__r${special}__`) : null;
            if (p.t === "instance" && reflected?.t === "func")
                return callFunction(m, reflected, [p, o], new Map());
            return binary(m, op, o, p);
        }));
    return binary(m, op, a, b);
}
const by_method_SPECIAL = {
    Add: "add",
    Sub: "sub",
    Div: "truediv",
    FloorDiv: "floordiv",
    Mult: "mul",
    Pow: "pow",
    BitOr: "or",
    BitAnd: "and",
    BitXor: "xor",
    LShift: "lshift",
    RShift: "rshift",
    Mod: "mod",
    MatMult: "matmul",
};
/** `o OP= by`: what can be changed is changed, for everyone who has it. */
function inPlace(m, op, o, by) {
    if (o.t === "list" && !o.kind && op === "Add") {
        extend(m, o, by);
        return o;
    }
    if (o.t === "list" && !o.kind && op === "Mult") {
        const made = operate(m, op, o, by);
        setContent(m, o, made.t === "list" ? made.content : tuple([unknown("a repetition", { splat: true })]));
        return o;
    }
    if (o.t === "dict" && op === "BitOr") {
        callMethod(m, o, "update", [by]);
        return o;
    }
    if (o.t === "set" && !o.kind && /^(BitOr|BitAnd|BitXor|Sub)$/.test(op)) {
        const made = operate(m, op, o, by);
        setContent(m, o, made.t === "set" ? made.content : tuple([unknown("a set", { splat: true })]));
        return o;
    }
    if (o.t === "instance" && !isPythons(o.cls)) {
        const method = classSlot(m, o.cls, by_method_IN_PLACE[op] ?? "");
        if (method)
            return callValue(m, { t: "bound", self: o, func: method.t === "func" ? method : gap(op) }, [by]);
    }
    return operate(m, op, o, by);
}
const by_method_IN_PLACE = {
    Add: "__iadd__",
    Sub: "__isub__",
    Mult: "__imul__",
    BitOr: "__ior__",
    BitAnd: "__iand__",
};

;// CONCATENATED MODULE: ./build/src/python/builtins/types.js


















/** A member of an enumeration of texts or numbers is one. */
const plainLeaf = (o) => {
    const v = o.scope.slots.get("\0value");
    return v && v.t !== "choice" ? v : o;
};
function type(name, construct) {
    const most = name === "int" ? 2 : name === "bytes" ? 3 : 1;
    const checked = (args, kwargs) => {
        const named = name === "dict" || name === "bytes" || (name === "int" && kwargs.has("base"));
        if (args.length > most || (kwargs.size > 0 && !named))
            return gap(`the arguments of ${name}()`);
        return construct(args, kwargs);
    };
    return { t: "class", name, bases: [], unknownBase: null, scope: scope(), construct: checked };
}
/** `str`, `int`, `list` and the other built-in types. */
function builtinTypes(m) {
    const types = [
        ["str", ([v = str("")]) => toText(m, v)],
        ["bool", ([v = FALSE]) => truthOf(m, v)],
        ["int", ([v = num(0), base], kwargs) => toInteger(m, v, base ?? kwargs.get("base"))],
        ["float", ([v = num(0, true)]) => toFloat(m, v)],
        ["list", ([v]) => ({ ...list([], m.pc), content: v ? itemsOrRaise(m, v) : tuple([]) })],
        ["tuple", ([v]) => (v ? plainTuple(m, itemsOrRaise(m, v)) : tuple([]))],
        ["set", ([v]) => toSet(m, v)],
        ["frozenset", ([v]) => ({ ...toSet(m, v), kind: "frozenset" })],
        ["dict", (args, kwargs) => toDict(m, args[0], kwargs)],
        ["bytes", (args, kwargs) => toBytes(m, args, kwargs)],
        ["complex", () => gap("a complex number")],
        ["bytearray", () => gap("a bytearray")],
        ["memoryview", () => gap("a memoryview")],
    ];
    const made = new Map(types.map(([name, make]) => [name, type(name, make)]));
    made.set("object", { t: "class", name: "object", bases: [], unknownBase: null, scope: scope() });
    return made;
}
/** What a range gives is a tuple of its own. */
const plainTuple = (m, v) => pure(m, [v], ([o]) => (o?.t === "tuple" && (o.kind || o.fields) ? tuple(o.items) : o));
function toBytes(m, args, kwargs) {
    const [v, encoding] = args;
    if (v === undefined && kwargs.size === 0)
        return { t: "bytes", v: "" };
    return pure(m, [v ?? NONE], ([o]) => {
        if (o?.t === "bytes" && args.length === 1)
            return o;
        if (o?.t !== "str" || !(encoding || kwargs.has("encoding")))
            return gap("bytes()", { type: "bytes" });
        return stringMethod(m, o, "encode", args.slice(1), kwargs, () => NONE);
    });
}
function toInteger(m, v, base) {
    return pure(m, [v, base ?? num(10)], ([given, b]) => {
        const o = given?.t === "instance" ? plainLeaf(given) : given;
        if (base && ((o?.t !== "str" && o?.t !== "bytes") || b?.t !== "num"))
            return gap("int() with a base", { type: "int" });
        switch (o?.t) {
            case "num":
                return Number.isFinite(o.v) ? whole(Math.trunc(o.v)) : gap("int() of no finite number");
            case "bool":
                return num(o.v ? 1 : 0);
            case "str":
            case "bytes": {
                const parsed = parseInteger(o.v, b?.t === "num" ? b.v : 10);
                return parsed === null
                    ? raise(m, "ValueError", `invalid literal for int() with base 10: '${o.v}'`)
                    : num(parsed);
            }
            case "unknown":
                return gap(o.reason, { type: "int", ...(o.from ? { from: o.from } : {}) });
            default: {
                const proof = o ? lacksAll(o, "__int__", "__index__", "__trunc__") : null;
                return raiseProven(m, proof, "TypeError", `int() argument must be a string or a number, not '${o ? typeName(o) : ""}'`);
            }
        }
    });
}
function toFloat(m, v) {
    return pure(m, [v], ([o]) => {
        if (o?.t === "num")
            return num(o.v, true);
        if (o?.t === "bool")
            return num(o.v ? 1 : 0, true);
        if (o?.t === "unknown")
            return gap(o.reason, { type: "float", ...(o.from ? { from: o.from } : {}) });
        const parsed = o?.t === "str" || o?.t === "bytes" ? parseFloatText(o.v) : undefined;
        if (parsed === undefined)
            return raiseProven(m, o ? lacksAll(o, "__float__", "__index__") : null, "TypeError", "float() argument must be a string or a real number");
        return parsed === null ? raise(m, "ValueError", "could not convert string to float") : num(parsed, true);
    });
}
function toSet(m, v) {
    const content = v ? pure(m, [itemsOrRaise(m, v)], ([c]) => unique(m, itemsIn(c))) : tuple([]);
    return { t: "set", content, born: m.pc, id: nextId() };
}
function toDict(m, v, kwargs) {
    const { kind: _kind, factory: _factory, ...d } = v?.t === "dict" ? copyDict(m, v) : values_dict(m.pc);
    if (v && v.t !== "dict")
        updateFrom(m, d, v);
    for (const [k, x] of kwargs) {
        if (k === "\0open")
            d.open = x.t === "unknown" ? x : unknown("keyword arguments");
        else
            d.scope.slots.set(k, x);
    }
    return d;
}
/** `isinstance(v, types)`: a condition. */
function isInstance(m, v, types) {
    return pure(m, [v, types], ([o, t]) => leafIs(m, o, t));
}
function leafIs(m, o, t) {
    spend();
    if (t.t === "tuple")
        return t.items.reduce((any, one) => or(any, isInstance(m, o, one)), FALSE);
    if (t.t === "unknown")
        return fact(m, t.reason, t.from);
    if (t.t !== "class")
        return gap("isinstance()");
    if (t.name === "object")
        return TRUE;
    if (o.t === "unknown") {
        if (!o.type || !/^(str|bytes|int|float|list|tuple|set|dict)$/.test(t.name))
            return factAbout(m, o, `is ${t.name}`);
        return bool(o.type === t.name);
    }
    if (o.t === "instance") {
        const line = lineage(o.cls);
        if (line.some((c) => c === t || (c.name === t.name && !c.scope.places && !t.scope.places)))
            return TRUE;
        if (!t.scope.places &&
            !t.construct &&
            !m.exceptions.has(t.name) &&
            !line.some((c) => c.name === t.name)) {
            if (!/^(Enum|IntEnum|StrEnum|Flag)$/.test(t.name))
                return gap(`isinstance() of a ${t.name}`);
        }
        const open = line.find((c) => c.unknownBase)?.unknownBase;
        return open ? factAbout(m, open, `is ${t.name}`) : FALSE;
    }
    if (o.t === "class")
        return t.name === "type"
            ? TRUE
            : o.members || o.unknownBase
                ? gap("isinstance() of a class")
                : bool(false);
    const name = exactType(o);
    if (name === null || t.scope.places)
        return name === null ? gap("isinstance()") : FALSE;
    if (isKindOf(name, t.name))
        return TRUE;
    if (/^(Path|PurePath|PosixPath|PurePosixPath|PathLike)$/.test(t.name))
        return bool(o.t === "path");
    // Other classes of the standard library may be abstract ones, of which anything may be an instance.
    return t.construct && isTabled(t.name) ? FALSE : gap(`isinstance() of a ${t.name}`);
}
/** `type(v)` as far as settings ask for it. */
function types_typeOf(m, v) {
    return pure(m, [v], ([o]) => {
        if (o?.t === "instance" && isUnknownError(o))
            return gap("the class of an exception");
        if (o?.t === "instance")
            return o.cls;
        if (o?.t === "unknown" && !/^(str|int|float|bytes)$/.test(o.type ?? ""))
            return gap(o.reason);
        const name = o?.t === "unknown" ? o.type : o && exactType(o);
        return m.builtins.get(name ?? "") ?? gap(`the type of a ${o?.t}`);
    });
}


;// CONCATENATED MODULE: ./build/src/python/builtins/objects.js













/** The built-in functions that ask objects and classes for what they are and have. */
function objects_objects(m) {
    return {
        isinstance: ([v = NONE, t = NONE]) => isInstance(m, v, t),
        issubclass: ([a = NONE, b = NONE]) => a.t === "class" && b.t === "class"
            ? lineage(a).some((c) => c === b)
                ? TRUE
                : a.scope.places && b.scope.places && !lineage(a).some((c) => c.unknownBase)
                    ? FALSE
                    : gap("issubclass()")
            : gap("issubclass()"),
        type: (args, kwargs) => args.length === 2
            ? gap("type()")
            : args.length === 3
                ? newClass(m, args, kwargs)
                : types_typeOf(m, args[0] ?? NONE),
        callable: ([v = NONE]) => pure(m, [v], ([o]) => {
            if (o?.t === "unknown")
                return factAbout(m, o, "is callable");
            if (o?.t === "instance")
                return bool(classSlot(m, o.cls, "__call__") !== null || !lacksAttribute(o, "__call__"));
            return bool(["func", "native", "bound", "class"].includes(o?.t ?? ""));
        }),
        hasattr: ([v = NONE, name = NONE]) => {
            if (name.t !== "str")
                return name.t === "choice" ? gap("hasattr()") : noName(m, name, "hasattr()");
            return each(m, v, (o) => {
                if (o.t === "unknown")
                    return factAbout(m, o, `has an attribute ${name.v}`);
                const known = tabledAttribute(o, name.v);
                if (known)
                    return known.always ? TRUE : gap(`hasattr(${name.v})`);
                const found = getAttribute(m, o, name.v, MISSING);
                return asCondition(m, pure(m, [found], ([x]) => x?.t === "unknown" && (o.t !== "instance" || objects_mayLack(m, o, name.v))
                    ? factAbout(m, x, "is there")
                    : bool(x?.t !== "missing")));
            });
        },
        getattr: ([v = NONE, name = NONE, fallback]) => each(m, name, (n) => n.t === "str"
            ? getAttribute(m, v, n.v, fallback)
            : n.t === "unknown"
                ? unknown("an attribute whose name is not known")
                : noName(m, n, "getattr()")),
        setattr: ([v = NONE, name = NONE, value = NONE]) => each(m, name, (n) => {
            if (n.t === "str")
                setAttribute(m, v, n.v, value);
            else if (n.t === "unknown")
                forget_forget(m, [v], "setattr()");
            else
                return noName(m, n, "setattr()");
            return NONE;
        }),
        delattr: ([v = NONE, name = NONE]) => {
            if (name.t === "str")
                deleteAttribute(m, v, name.v);
            else
                forget_forget(m, [v], "delattr()");
            return NONE;
        },
    };
}
/** What is no text names no attribute. */
function noName(m, name, by) {
    if (name.t === "unknown")
        return gap(by);
    return raiseProven(m, isNoText(name), "TypeError", `attribute name must be string, not '${typeName(name)}'`);
}
function newClass(m, [name, bases, body], _kwargs) {
    if (body?.t !== "dict" || body.open || bases?.t !== "tuple")
        return gap("type()");
    const own = scope(m.pc, true);
    if (body?.t === "dict")
        for (const [k, v] of body.scope.slots)
            own.slots.set(k, v);
    const parents = bases?.t === "tuple" ? bases.items.filter((b) => b.t === "class") : [];
    return {
        t: "class",
        name: name?.t === "str" ? name.v : "?",
        bases: parents,
        unknownBase: null,
        scope: own,
    };
}
/** `dir(v)`, or `dir()`. */
function names(m, v) {
    const own = v === undefined
        ? m.frame.scope
        : v.t === "module" || v.t === "instance" || v.t === "class"
            ? v.scope
            : null;
    if (!own || v?.t === "instance" || v?.t === "class")
        return v?.t === "class" || v?.t === "instance" ? publicNames(m, v) : gap("dir()");
    const all = new Set(own.slots.keys());
    return list([...all]
        .filter((k) => k[0] !== "\0")
        .sort()
        .map(str), m.pc);
}
/** The names of an object or class, without Python's own, which nobody looks for. */
function publicNames(m, v) {
    const all = new Set(v.scope.slots.keys());
    for (const c of lineage(v.t === "instance" ? v.cls : v))
        for (const k of c.scope.slots.keys())
            all.add(k);
    const sure = [...all].filter((k) => k[0] !== "\0").sort();
    return list(sure.map(str), m.pc);
}
/** property, staticmethod and classmethod: a function, marked. */
function wrapperType(name) {
    const cls = { t: "class", name, bases: [], unknownBase: null, scope: scope() };
    cls.construct = ([func = NONE]) => {
        const made = { t: "instance", cls, scope: scope(), id: nextId() };
        made.scope.slots.set("func", func);
        if (name === "property")
            made.scope.slots.set("setter", values_native("setter", () => made));
        return made;
    };
    return cls;
}
/** `super(cls, self)`: has what the classes behind `cls` in the lineage of `self` have, bound to `self`. */
function superObject(cls, self) {
    if (cls?.t !== "class" || !self || (self.t !== "instance" && self.t !== "class"))
        return unknown("super()");
    const line = lineage(self.t === "instance" ? self.cls : self);
    const rest = line.slice(line.indexOf(cls) + 1);
    const proxy = { t: "class", name: "super", bases: rest, unknownBase: null, scope: scope() };
    const slots = proxy.scope.slots;
    for (const c of [...rest].reverse())
        for (const [k, v] of c.scope.slots)
            slots.set(k, v);
    proxy.bound = self;
    if (!slots.has("__init__"))
        slots.set("__init__", values_native("__init__", () => NONE));
    const open = rest.find((c) => c.unknownBase)?.unknownBase;
    if (open)
        slots.set("\0open", open);
    proxy.bases = [];
    proxy.unknownBase = open ?? null;
    return proxy;
}
/** Something unknown may have given or taken an attribute that the object itself is not sure to have. */
const objects_mayLack = (m, o, name) => o.scope.slots.has("\0open") && leaves(read(m, o.scope, name)).some((x) => x.t === "missing");

;// CONCATENATED MODULE: ./build/src/python/builtins/sequences.js
















const loose = (items) => items.some((i) => i.t === "unknown" && i.splat === true);
function sequences(m) {
    const iterator = (kind, over, content, more = {}) => reading({ ...list([], m.pc), content, kind, once: true, ...more }, over);
    const over = (v, fn) => pure(m, [itemsOrRaise(m, v)], ([c]) => fn(itemsIn(c)));
    return {
        len: ([v = NONE]) => each(m, v, (o) => {
            if (o.t === "str" || o.t === "bytes")
                return num([...o.v].length);
            if (o.t === "unknown")
                return o.length === undefined
                    ? gap(o.reason, { type: "int", ...(o.from ? { from: o.from } : {}) })
                    : num(o.length);
            const proof = lacksAttribute(o, "__len__");
            if (proof)
                return raiseProven(m, proof, "TypeError", `object of type '${typeName(o)}' has no len()`);
            if (o.t === "dict" && o.open)
                return unknown("a length", { type: "int" });
            if (o.t === "class" && o.members)
                return num(o.members.length);
            if (o.t === "class")
                return gap("len() of a class");
            if (o.t === "instance" && !o.scope.slots.has("\0items"))
                return callMethod(m, o, "__len__", []);
            return over(o, (items) => (loose(items) ? unknown("a length", { type: "int" }) : num(items.length)));
        }),
        range: (args) => pure(m, args, (found) => {
            const ends = found.map((o) => string_self_whole(m, o, Number.NaN));
            const [from, to] = ends.length === 1 ? [0, ends[0]] : [ends[0], ends[1]];
            const by = ends[2] ?? 1;
            if (ends.length < 1 || ends.length > 3)
                return gap("range()");
            if (by === 0)
                return raise(m, "ValueError", "range() arg 3 must not be zero");
            const n = Math.max(0, Math.ceil((to - from) / by));
            if (!(n <= 5000))
                return { ...tuple([unknown("a long range", { splat: true })]), kind: "range" };
            return { ...tuple(Array.from({ length: n }, (_, i) => num(from + i * by))), kind: "range" };
        }),
        enumerate: ([v = NONE, start = num(0)]) => iterator("enumerate", [v], over(v, (items) => tuple(items.map((x, i) => x.t === "unknown" && x.splat
            ? x
            : tuple([
                loose(items.slice(0, i))
                    ? unknown("a position", { type: "int" })
                    : binary(m, "Add", start, num(i)),
                x,
            ]))))),
        zip: (args, kwargs) => iterator("zip", args, pure(m, args.map((a) => itemsOrRaise(m, a)), (cs) => {
            const rows = cs.map(itemsIn);
            if (kwargs.size > 0 || rows.some(loose))
                return tuple([unknown("rows that are not known", { splat: true })]);
            const n = Math.min(...rows.map((r) => r.length));
            return tuple(Array.from({ length: rows.length ? n : 0 }, (_, i) => tuple(rows.map((r) => r[i]))));
        })),
        map: ([fn = NONE, ...lists]) => {
            const rows = lists.map((l) => itemsOrRaise(m, l));
            return iterator("map", lists, tuple([]), { pending: () => sequences_mapped(m, fn, rows) });
        },
        filter: ([fn = NONE, v = NONE]) => {
            const items = itemsOrRaise(m, v);
            return iterator("filter", [v], tuple([]), { pending: () => filteredBy(m, fn, items) });
        },
        sorted: ([v = NONE], kwargs) => {
            const content = over(v, (items) => sorting_ordered(m, items, kwargs));
            return {
                ...list([], m.pc),
                content: content.t === "unknown" ? tuple([{ ...content, splat: true }]) : content,
            };
        },
        reversed: ([v = NONE]) => iterator("reversed", [v], pure(m, [v], ([o]) => {
            const proof = o
                ? (isNone(o, "list", "tuple", "str", "bytes", "dict", "range", "dict_keys", "dict_values", "dict_items") ?? null)
                : null;
            if (proof && o && lacksAttribute(o, "__reversed__"))
                return raiseProven(m, proof, "TypeError", "object is not reversible");
            if (!o || !/^(list|tuple|str|dict|bytes)$/.test(o.t) || (o.t === "list" && o.once))
                return gap("reversed()");
            return over(o, (items) => tuple([...items].reverse()));
        })),
        sum: ([v = NONE, start = num(0)]) => over(v, (items) => {
            if (leaves(start).some((o) => o.t === "str" || o.t === "bytes"))
                return gap("sum() of texts");
            if (items.some((i) => i.t === "num" && i.float))
                return gap("sum() of floats", { type: "float" });
            return items.reduce((a, b) => binary(m, "Add", a, b), start);
        }),
        min: (args, kwargs) => extreme(m, args, kwargs, -1),
        max: (args, kwargs) => extreme(m, args, kwargs, 1),
        any: ([v = NONE]) => over(v, (items) => items.reduce((a, b) => or(a, truthOfItem(m, b, "any")), FALSE)),
        all: ([v = NONE]) => over(v, (items) => items.reduce((a, b) => and(a, truthOfItem(m, b, "all")), TRUE)),
        iter: ([v = NONE, ...more]) => {
            if (more.length > 0)
                return gap("iter()");
            if (v.t === "list" && v.once)
                return v;
            const content = itemsOrRaise(m, v);
            return reading({ ...list([], m.pc), content, kind: "list_iterator", once: true }, [v], "values");
        },
        next: ([v = NONE, fallback]) => each(m, v, (o) => nextOf(m, o, fallback)),
        slice: (args) => ({
            t: "slice",
            lower: args.length > 1 ? (args[0] ?? NONE) : NONE,
            upper: args[args.length > 1 ? 1 : 0] ?? NONE,
            step: args[2] ?? NONE,
        }),
    };
}
/** What stands for any number of items may be true, or not there at all. */
function truthOfItem(m, v, how) {
    return v.t === "unknown" && v.splat ? fact(m, `${how}() of ${v.reason}`, v.from) : truthOf(m, v);
}
/** `next(iterator)`: takes its first item from it. */
function nextOf(m, o, fallback) {
    if (o.t === "instance" && !lacksAttribute(o, "__next__"))
        return callMethod(m, o, "__next__", []);
    if (o.t !== "list" || !o.once)
        return raiseProven(m, lacksAttribute(o, "__next__"), "TypeError", `'${typeName(o)}' object is not an iterator`);
    start(m, o);
    if (!possible(m.pc))
        return NONE;
    const before = narrow(m, o.content);
    const rest = pure(m, [before], ([c]) => {
        const [first, ...others] = itemsIn(c);
        return first?.t === "unknown" && first.splat ? tuple([first]) : tuple(others);
    });
    const taken = pure(m, [before], ([c]) => {
        const first = itemsIn(c)[0];
        if (first === undefined)
            return fallback ?? raise(m, "StopIteration", "");
        return first.t === "unknown" && first.splat
            ? gap(first.reason, first.from ? { from: first.from } : {})
            : first;
    });
    setContent(m, o, rest);
    return taken;
}
function sequences_mapped(m, fn, rows) {
    if (rows.length !== 1 &&
        !rows.every((r) => r.t === "tuple" && !r.items.some((x) => x.t === "unknown" && x.splat)))
        return tuple([unknown("map() of several iterables", { splat: true })]);
    const shortest = Math.min(...rows.slice(1).map((r) => (r.t === "tuple" ? r.items.length : 0)));
    let out = null;
    each(m, rows[0] ?? tuple([]), (c) => {
        let content = tuple([]);
        for (const [i, item] of itemsIn(c).entries()) {
            if (rows.length > 1 && i >= shortest)
                break;
            const others = rows.slice(1).map((r) => (r.t === "tuple" ? (r.items[i] ?? NONE) : NONE));
            const v = item.t === "unknown" && item.splat ? mappedUnknown(m, fn, item) : callValue(m, fn, [item, ...others]);
            if (!possible(m.pc))
                return NONE;
            content = list_content_appendWhere(m, content, TRUE, v);
        }
        out = out === null ? content : ite(m.pc, content, out);
        return NONE;
    });
    return out ?? tuple([]);
}
/** A function that is called we do not know how often: what it does beside its result is done. */
function mappedUnknown(m, fn, item) {
    const { splat: _splat, among: _among, ...one } = item;
    const made = fn.t === "class" || fn.t === "native" ? item : callValue(m, fn, [one]);
    return made.t === "unknown"
        ? { ...made, splat: true }
        : unknown(item.reason, { splat: true, ...(item.from ? { from: item.from } : {}) });
}
function filteredBy(m, fn, v) {
    let out = tuple([]);
    each(m, v, (c) => {
        for (const item of itemsIn(c)) {
            if (item.t === "unknown" && item.splat) {
                out = list_content_appendWhere(m, out, m.pc, item);
                continue;
            }
            const keep = truthOf(m, fn.t === "none" ? item : callValue(m, fn, [item]));
            if (!possible(m.pc))
                return NONE;
            out = list_content_appendWhere(m, out, and(m.pc, keep), item);
        }
        return NONE;
    });
    return narrow(m, out);
}
function extreme(m, args, kwargs, sign) {
    const key = kwargs.get("key");
    const best = (found) => {
        if (found.length === 0)
            return kwargs.get("default") ?? raise(m, "ValueError", "arg is an empty sequence");
        if (loose(found))
            return gap("the largest of values that are not known");
        let top = found[0];
        for (const x of found.slice(1)) {
            const [a, b] = key && key.t !== "none" ? [callValue(m, key, [x]), callValue(m, key, [top])] : [x, top];
            const by = comparisons_order(m, a, b);
            if (by === null)
                return gap("the largest of values that are not known");
            if (by * sign > 0)
                top = x;
        }
        return top;
    };
    if (args.length > 1)
        return pure(m, args, (found) => best(found));
    return pure(m, [itemsOrRaise(m, args[0] ?? NONE)], ([c]) => pure(m, itemsIn(c), (found) => best(found)));
}

;// CONCATENATED MODULE: ./build/src/python/builtins/index.js
















/** Python's built-in functions and types. */
function builtins(m) {
    const all = builtinTypes(m);
    const define = (entries) => {
        for (const [name, call] of Object.entries(entries))
            all.set(name, values_native(name, counted(m, name, call)));
    };
    define(sequences(m));
    define(objects_objects(m));
    define({
        print: () => NONE,
        input: () => unknown("input()", { type: "str" }),
        repr: ([v = NONE]) => toRepr(m, v),
        format: ([v = NONE, spec = str("")]) => spec.t === "str" ? formatted(m, v, spec.v) : unknown("a format"),
        abs: ([v = NONE]) => ofNumber(m, v, "abs", (n, o) => num(Math.abs(n), o.t === "num" && o.float)),
        round: ([v = NONE, digits = NONE]) => pure(m, [digits], ([d]) => d?.t === "none" || (d?.t === "num" && !d.float)
            ? ofNumber(m, v, "round", (n, o) => rounded(n, o.t === "num" && o.float, d.t === "num" ? d.v : null))
            : gap("round()")),
        divmod: (args) => exactly(args, 2, "divmod", ([a, b]) => tuple([binary(m, "FloorDiv", a, b), binary(m, "Mod", a, b)])),
        pow: (args) => exactly(args, 2, "pow", ([a, b]) => binary(m, "Pow", a, b)),
        ord: ([v = NONE]) => pure(m, [v], ([o]) => o?.t === "str" && [...o.v].length === 1 ? num(o.v.codePointAt(0) ?? 0) : gap("ord()")),
        chr: ([v = NONE]) => ofNumber(m, v, "chr", (n, o) => (o.t === "num" && o.float) || n < 0 || n > 0x10ffff || (n >= 0xd800 && n < 0xe000)
            ? gap("chr()")
            : str(String.fromCodePoint(n))),
        id: () => unknown("id()", { type: "int", truthy: true }),
        hash: ([v = NONE]) => each(m, v, (o) => {
            const proof = isUnhashable(o);
            if (proof)
                return raiseProven(m, proof, "TypeError", `unhashable type: '${typeName(o)}'`);
            return unknown("hash()", { type: "int" });
        }),
        ...Object.fromEntries([
            ["hex", "0x", 16],
            ["oct", "0o", 8],
            ["bin", "0b", 2],
        ].map(([name, prefix, base]) => [
            String(name),
            ([v = NONE]) => ofNumber(m, v, String(name), (n, o) => o.t === "num" && o.float
                ? gap(String(name))
                : str(`${n < 0 ? "-" : ""}${prefix}${Math.abs(n).toString(Number(base))}`)),
        ])),
        open: (args, kwargs) => openFile(m, args[0] ?? NONE, args[1] ?? kwargs.get("mode") ?? str("r")),
        exit: () => raise(m, "SystemExit", "exit()"),
        quit: () => raise(m, "SystemExit", "quit()"),
        __import__: ([name = NONE]) => m.core.importByName(m, name, NONE),
        exec: ([code = NONE, globals]) => executeText(m, code, globals, "exec"),
        eval: ([code = NONE, globals]) => executeText(m, code, globals, "eval"),
        compile: ([code = NONE]) => code,
        globals: () => namespaceDict(m.frame.module.scope),
        locals: () => namespaceDict(m.frame.scope),
        vars: ([v]) => (v ? getAttribute(m, v, "__dict__") : namespaceDict(m.frame.scope)),
        dir: ([v]) => names(m, v),
        super: ([cls, self]) => superObject(cls, self),
    });
    for (const wrapper of ["property", "staticmethod", "classmethod"])
        all.set(wrapper, wrapperType(wrapper));
    for (const name of moduleNames("builtins") ?? [])
        if (!all.has(name) && !m.exceptions.has(name) && !/^(copyright|credits|license|aiter|anext)$/.test(name))
            all.set(name, values_native(name, (args, kwargs) => notModelled(m, name, [...args, ...kwargs.values()])));
    all.set("NotImplemented", unknown("NotImplemented", { truthy: true }));
    all.set("Ellipsis", { t: "ellipsis" });
    all.set("__debug__", TRUE);
    return all;
}
/** How many arguments the built-in functions take. */
const ARGUMENTS = Object.fromEntries(`len 1 1|abs 1 1|sorted 1 1|reversed 1 1|enumerate 1 2|any 1 1|all 1 1|sum 1 2|iter 1 2|next 1 2|map 2 9|filter 2 2|isinstance 2 2|issubclass 2 2|callable 1 1|hasattr 2 2|getattr 2 3|setattr 3 3|delattr 2 2|repr 1 1|ord 1 1|chr 1 1|hex 1 1|oct 1 1|bin 1 1|round 1 2|format 1 2|id 1 1|hash 1 1|range 1 3|type 1 3|slice 1 3|min 1 99|max 1 99|divmod 2 2|pow 2 3|vars 0 1|dir 0 1|eval 1 3|exec 1 3`
    .split("|")
    .map((line) => line.split(" "))
    .map(([name = "", least, most]) => [name, [Number(least), Number(most)]]));
const BY_NAME = {
    sorted: ["key", "reverse"],
    enumerate: ["iterable", "start"],
    sum: ["start"],
    min: ["key", "default"],
    max: ["key", "default"],
    round: ["number", "ndigits"],
    pow: ["base", "exp", "mod"],
    zip: ["strict"],
};
function counted(m, name, call) {
    const range = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
    if (!range)
        return call;
    return (args, kwargs) => {
        const names = BY_NAME[name] ?? [];
        const fits = args.length >= range[0] &&
            args.length <= range[1] &&
            [...kwargs.keys()].every((k) => names.includes(k));
        return fits ? call(args, kwargs) : notModelled(m, name, [...args, ...kwargs.values()]);
    };
}
/** A built-in function that nobody models: what it was given may have changed. */
function notModelled(m, name, given) {
    forget_forget(m, given, `${name}()`);
    return gap(`${name}()`);
}
function exactly(args, n, name, make) {
    return args.length === n ? make(args) : gap(`the arguments of ${name}()`);
}
function ofNumber(m, v, name, make) {
    return pure(m, [v], ([o]) => (o?.t === "num" || o?.t === "bool" ? make(Number(o.v), o) : gap(`${name}()`)));
}

;// CONCATENATED MODULE: ./build/src/python/core/assign.js








/** Gives a value to a name, an attribute, an item, or to several by unpacking. */
function assign_assign(m, target, v) {
    switch (target.nodeType) {
        case "Name":
            write(m, scopeFor(m, target.id), target.id, v);
            return;
        case "Attribute":
            setAttribute(m, m.core.evaluate(m, target.value), target.attr, v);
            return;
        case "Subscript": {
            const of = m.core.evaluate(m, target.value);
            setItem(m, of, m.core.evaluate(m, target.slice), v);
            touch(m, target.value);
            return;
        }
        case "Tuple":
        case "List":
            unpack(m, target.elts, v);
            return;
        case "Starred":
            assign_assign(m, target.value, v);
            return;
        default:
            return;
    }
}
/** A part of a setting was changed here: remember the place for messages about it. */
function touch(m, node) {
    let base = node;
    while (base.nodeType === "Subscript" || base.nodeType === "Attribute")
        base = base.value;
    if (base.nodeType !== "Name")
        return;
    const { places } = m.frame.scope;
    const old = places?.get(base.id);
    if (places && old)
        places.set(base.id, ite(m.pc, m.here, old));
}
function unpack(m, targets, v) {
    const content = itemsOrRaise(m, v);
    if (!possible(m.pc))
        return;
    const star = targets.findIndex((t) => t.nodeType === "Starred");
    for (const [i, target] of targets.entries()) {
        const item = pure(m, [content], ([c]) => {
            const items = itemsIn(c);
            const open = items.find((x) => x.t === "unknown" && x.splat);
            if (open?.t === "unknown")
                return gap(open.reason, open.from ? { from: open.from } : {});
            if (star < 0 && items.length !== targets.length)
                return raise(m, "ValueError", items.length < targets.length ? "not enough values to unpack" : "too many values to unpack");
            if (star >= 0 && items.length < targets.length - 1)
                return raise(m, "ValueError", "not enough values to unpack");
            const after = targets.length - star - 1;
            if (i === star)
                return list(items.slice(star, items.length - after), m.pc);
            return items[star >= 0 && i > star ? items.length - (targets.length - i) : i];
        });
        if (!possible(m.pc))
            return;
        assign_assign(m, target, item);
    }
}

;// CONCATENATED MODULE: ./build/src/python/core/call-expressions.js










function call(m, node) {
    return attempt(m, () => call_expressions_called(m, node));
}
function call_expressions_called(m, node) {
    if (node.func.nodeType === "Name" && node.func.id === "super" && node.args.length === 0)
        return superOf(m);
    const callee = m.core.evaluate(m, node.func);
    const before = m.reads.length;
    const args = [];
    for (const a of node.args) {
        const v = m.core.evaluate(m, a);
        if (a.nodeType !== "Starred")
            args.push(v);
        else {
            const given = itemsOrRaise(m, v);
            const content = given.t === "choice" ? (condensed(given) ?? given) : given;
            if (content.t === "tuple")
                args.push(...content.items);
            else
                args.push(unknown("arguments that depend on the environment", { splat: true }));
        }
    }
    const kwargs = new Map();
    for (const k of node.keywords) {
        const v = m.core.evaluate(m, k.value);
        if (k.arg)
            kwargs.set(k.arg, v);
        else if (v.t === "dict") {
            for (const [name, x] of v.scope.slots) {
                // Keys that are no texts, and names that are given twice, are a TypeError.
                if (name !== "\0open" && (name[0] === "\0" || kwargs.has(name)))
                    return gap("keyword arguments that do not fit");
                if (narrow(m, x).t !== "missing")
                    kwargs.set(name, narrow(m, x));
            }
            if (v.open)
                kwargs.set("\0open", v.open);
        }
        else
            kwargs.set("\0open", unknown("keyword arguments that are not known"));
    }
    if (!possible(m.pc))
        return unknown("never executed");
    if (m.reads.length > before && node.func.nodeType === "Name")
        castRead(m, node.args[0], node.func.id);
    at(m, node);
    return callValue(m, callee, args, kwargs);
}
function superOf(m) {
    const cls = m.frame.cls;
    const self = m.frame.self ?? [...m.frame.scope.slots.values()][0];
    if (!cls || !self)
        return unknown("super()");
    return m.builtins.get("super").call([cls, self], new Map());
}

;// CONCATENATED MODULE: ./build/src/python/core/comprehensions.js












/** The tuple that a comprehension makes; conditions that are not known make its content a choice. */
function comprehension(m, generators, element, first = null) {
    let content = tuple([]);
    inChild(m, () => loop(m, generators, 0, first, (loose) => {
        const v = element();
        const item = loose && v.t === "unknown" ? { ...v, splat: true } : loose ? unknown(loose, { splat: true }) : v;
        if (possible(m.pc))
            content = list_content_appendWhere(m, content, m.pc, item);
    }));
    return narrow(m, content);
}
function dictComprehension(m, node) {
    const d = values_dict(m.pc);
    inChild(m, () => loop(m, node.generators, 0, null, (loose) => {
        const key = m.core.evaluate(m, node.key);
        const v = m.core.evaluate(m, node.value);
        if (loose)
            d.open = unknown(loose);
        else if (possible(m.pc))
            dictSet(m, d, key, v);
    }));
    return d;
}
function inChild(m, run) {
    const parent = m.frame;
    const { locals: _locals, ...own } = parent;
    m.frame = { ...own, scope: scope(m.pc), parent, outer: new Map(), isClass: false };
    run();
    m.frame = parent;
}
/** Runs `body` for every element in its worlds; `loose` says why the number of elements is not known. */
function loop(m, generators, n, first, body, loose = null) {
    const g = generators[n];
    if (!g) {
        body(loose);
        return;
    }
    const source = compact(first ?? itemsOrRaise(m, m.core.evaluate(m, g.iter)));
    const start = m.pc;
    if (!possible(start))
        return;
    let end = FALSE;
    each(m, source, (c) => {
        let here = m.pc;
        const all = itemsIn(c).flatMap((item) => elementsOf(item) ?? [{ item, when: TRUE }]);
        for (const { item, when: there } of all) {
            step(m);
            m.pc = simplified(m, and(here, there));
            if (!possible(m.pc))
                continue;
            // Worlds that go on to the next element: those without this one, those in which a test fails, and what is left.
            let on = and(here, not(there));
            const open = item.t === "unknown" && item.splat ? item.reason : loose;
            assign_assign(m, g.target, item.t === "unknown" && item.splat ? unknown(item.reason) : narrow(m, item));
            for (const test of g.ifs) {
                const tested = truthOf(m, m.core.evaluate(m, test));
                const when = open ? fact(m, open) : tested;
                on = or(on, and(m.pc, not(when)));
                m.pc = simplified(m, and(m.pc, when));
                if (!possible(m.pc))
                    break;
            }
            if (possible(m.pc))
                loop(m, generators, n + 1, null, body, open);
            here = simplified(m, or(on, m.pc));
        }
        m.pc = here;
        end = or(end, m.pc);
        return NONE;
    });
    m.pc = simplified(m, end);
}

;// CONCATENATED MODULE: ./build/src/python/core/functions.js
/** A function object of the project; its defaults are evaluated now, as Python does. */
function makeFunction(m, name, args, body, owner) {
    const plain = {
        posonlyargs: args.posonlyargs,
        args: args.args,
        kwonlyargs: args.kwonlyargs,
        ...(args.vararg ? { vararg: args.vararg } : {}),
        ...(args.kwarg ? { kwarg: args.kwarg } : {}),
    };
    return {
        t: "func",
        name,
        node: { args: plain, body },
        closure: m.frame.isClass ? outOfClass(m.frame) : m.frame,
        defaults: args.defaults.map((d) => m.core.evaluate(m, d)),
        kwDefaults: args.kw_defaults.map((d) => (d ? m.core.evaluate(m, d) : null)),
        owner,
        generator: Array.isArray(body) && body.some(yields),
        locals: localsOf(body),
    };
}
const functions_known = new WeakMap();
/** The names a function's body binds: they are its own, but for those it declares to be of elsewhere. */
function localsOf(body) {
    const before = functions_known.get(body);
    if (before)
        return before;
    const found = new Set();
    const outer = new Set();
    bound(body, found, outer, false);
    for (const name of outer)
        found.delete(name);
    functions_known.set(body, found);
    return found;
}
function bound(node, found, outer, inner) {
    if (typeof node !== "object" || node === null)
        return;
    if (Array.isArray(node)) {
        for (const n of node)
            bound(n, found, outer, inner);
        return;
    }
    const n = node;
    switch (n.nodeType) {
        case "Name":
            if (!inner && n.ctx?.nodeType !== "Load")
                found.add(n.id);
            return;
        case "NamedExpr":
            found.add(n.target.id);
            bound(n.value, found, outer, inner);
            return;
        case "Global":
        case "Nonlocal":
            for (const name of n.names)
                outer.add(name);
            return;
        case "FunctionDef":
        case "AsyncFunctionDef":
        case "ClassDef":
            found.add(n.name);
            bound([n.decorator_list, n.bases, n.keywords], found, outer, inner);
            return;
        case "Lambda":
            return;
        case "ListComp":
        case "SetComp":
        case "DictComp":
        case "GeneratorExp":
            // Its targets are its own; what it assigns with := is not.
            for (const part of Object.values(n))
                bound(part, found, outer, true);
            return;
        case "Import":
        case "ImportFrom":
            for (const a of n.names)
                found.add(a.asname ?? a.name.split(".")[0]);
            return;
        case "ExceptHandler":
        case "MatchAs":
        case "MatchStar":
            if (n.name)
                found.add(n.name);
            break;
        case "MatchMapping":
            if (n.rest)
                found.add(n.rest);
            break;
    }
    for (const part of Object.values(n))
        if (typeof part === "object")
            bound(part, found, outer, inner);
}
function outOfClass(frame) {
    let f = frame;
    while (f.isClass && f.parent)
        f = f.parent;
    return f;
}
/** Does a statement hold a yield of its own function? */
function yields(node) {
    if (typeof node !== "object" || node === null)
        return false;
    if (Array.isArray(node))
        return node.some(yields);
    const { nodeType } = node;
    if (nodeType === "Yield" || nodeType === "YieldFrom")
        return true;
    if (nodeType === "FunctionDef" || nodeType === "Lambda" || nodeType === "ClassDef")
        return false;
    return Object.values(node).some(yields);
}

;// CONCATENATED MODULE: ./build/src/python/core/lookup.js






/** A name: local, enclosing, module, built in; NameError where it is nowhere. */
function lookup(m, name) {
    const near = m.frame.outer.size === 0 ? m.frame.scope.slots.get(name) : undefined;
    if (near && near.t !== "choice" && near.t !== "missing")
        return near;
    let found = MISSING;
    const fill = (v) => {
        if (found.t === "missing")
            found = v;
        else if (v.t !== "missing")
            found = ite(toCondition(found, (o) => o.t === "missing"), v, found);
        return found.t !== "choice" ? found.t !== "missing" : !leaves(found).some((o) => o.t === "missing");
    };
    const outer = m.frame.outer.get(name);
    for (let f = outer ?? m.frame; f; f = f.parent) {
        if (f.isClass && f !== m.frame)
            continue;
        if (fill(read(m, f.scope, name)))
            return found;
        // A name that a function binds anywhere is its own everywhere.
        if (f.locals?.has(name) && !f.isClass && !m.frame.outer.has(name))
            return unbound(m, name, found, f === m.frame);
    }
    if (fill(read(m, m.frame.module.scope, name)))
        return found;
    const builtin = m.builtins.get(name) ?? (isBuiltinException(name) ? m.exceptions.get(name) : undefined);
    if (builtin && fill(builtin))
        return found;
    const open = m.frame.module.scope.slots.get("\0open");
    if (open?.t === "unknown") {
        fill(open);
        return found;
    }
    if (name === "__file__" || name === "__name__")
        return unknown(name, { type: "str", truthy: true });
    const absent = toCondition(found, (o) => o.t === "missing");
    raiseWhere(m, absent, makeError(m, "NameError", `name '${name}' is not defined`));
    return possible(m.pc) ? narrow(m, found) : unknown("never executed");
}
/** A name that its function has not bound yet: in the function itself an UnboundLocalError, in what is within it not. */
function unbound(m, name, found, own) {
    const absent = toCondition(found, (o) => o.t === "missing");
    const error = own
        ? makeError(m, "UnboundLocalError", `cannot access local variable '${name}'`)
        : makeError(m, "NameError", `cannot access free variable '${name}'`);
    raiseWhere(m, absent, error);
    return possible(m.pc) ? narrow(m, found) : unknown("never executed");
}

;// CONCATENATED MODULE: ./build/src/python/core/expressions.js























/** Operations of which something unknown may be the result, or may have raised. */
const DOUBTFUL = new Set(["Attribute", "Subscript", "BinOp", "UnaryOp"]);
/** The value of an expression in the worlds being executed. */
function evaluate(m, node) {
    step(m);
    const v = evaluateNode(m, node);
    if (m.handlers.length > 0 && DOUBTFUL.has(node.nodeType))
        doubt(m, v);
    return v;
}
/** Where a handler sees it, what is not known may have raised. */
function doubt(m, v) {
    if (!isGuarded(m))
        return;
    const hidden = leaves(v).find((o) => o.t === "unknown" && !o.generated);
    if (hidden?.t === "unknown")
        mayRaise(m, toCondition(v, (o) => o.t === "unknown"), hidden);
}
function evaluateNode(m, node) {
    switch (node.nodeType) {
        case "Constant":
            return constant(m, node);
        case "Name":
            return lookup(m, node.id);
        case "Attribute":
            return getAttribute(m, evaluate(m, node.value), node.attr);
        case "Subscript": {
            const of = evaluate(m, node.value);
            return getItem(m, of, evaluate(m, node.slice));
        }
        case "Slice": {
            const part = (e) => (e ? evaluate(m, e) : NONE);
            return { t: "slice", lower: part(node.lower), upper: part(node.upper), step: part(node.step) };
        }
        case "Call":
            return call(m, node);
        case "List":
            return { ...list([], m.pc), content: sequence(m, node.elts) };
        case "Tuple":
            return sequence(m, node.elts);
        case "Set":
            return {
                t: "set",
                content: pure(m, [sequence(m, node.elts)], ([c]) => unique(m, itemsIn(c))),
                born: m.pc,
                id: nextId(),
            };
        case "Dict":
            return dictionary(m, node);
        case "BoolOp":
            return boolOp(m, node.op.nodeType === "And", node.values);
        case "BinOp": {
            const left = evaluate(m, node.left);
            return operate(m, node.op.nodeType, left, evaluate(m, node.right));
        }
        case "UnaryOp":
            if (node.op.nodeType === "Not")
                return not(truthOf(m, evaluate(m, node.operand)));
            return unary(m, node.op.nodeType, evaluate(m, node.operand));
        case "Compare":
            return comparison(m, node);
        case "IfExp":
            return branch(m, truthOf(m, evaluate(m, node.test)), () => evaluate(m, node.body), () => evaluate(m, node.orelse));
        case "NamedExpr": {
            const v = evaluate(m, node.value);
            assign_assign(m, node.target, v);
            return v;
        }
        case "JoinedStr":
            return concat(m, 
            // The literal parts carry no quotes of their own.
            node.values.map((v) => v.nodeType === "Constant"
                ? hasNamedCharacter(v)
                    ? constant(m, v)
                    : str(String(v.value))
                : evaluate(m, v)), (texts) => texts.join(""));
        case "FormattedValue":
            return formattedValue(m, node);
        case "Lambda":
            return makeFunction(m, "<lambda>", node.args, node.body, null);
        case "ListComp":
            return { ...list([], m.pc), content: comprehension(m, node.generators, () => evaluate(m, node.elt)) };
        case "GeneratorExp":
            return generatorExpression(m, node);
        case "SetComp": {
            const content = comprehension(m, node.generators, () => evaluate(m, node.elt));
            return {
                t: "set",
                content: pure(m, [content], ([c]) => unique(m, itemsIn(c))),
                born: m.pc,
                id: nextId(),
            };
        }
        case "DictComp":
            return dictComprehension(m, node);
        case "Starred":
            return evaluate(m, node.value);
        case "Yield": {
            const v = node.value ? evaluate(m, node.value) : NONE;
            if (m.frame.yields)
                m.frame.yields.content = list_content_appendWhere(m, m.frame.yields.content, m.pc, v);
            return NONE;
        }
        case "YieldFrom": {
            const { yields } = m.frame;
            const more = itemsOrRaise(m, evaluate(m, node.value));
            if (yields)
                yields.content = pure(m, [yields.content, more], ([a, b]) => tuple([...itemsIn(a), ...itemsIn(b)]));
            return NONE;
        }
        case "Await":
            return unknown("await");
        default:
            return unknown(`${node.nodeType} is not followed`);
    }
}
/** What is looped over first is evaluated now, the rest when somebody asks for an item. */
function generatorExpression(m, node) {
    const [first] = node.generators;
    const over = evaluate(m, first.iter);
    const source = itemsOrRaise(m, over);
    const { frame } = m;
    const pending = () => {
        const { frame: caller } = m;
        m.frame = frame;
        try {
            return comprehension(m, node.generators, () => evaluate(m, node.elt), source);
        }
        finally {
            m.frame = caller;
        }
    };
    return reading({ ...list([], m.pc), kind: "generator", once: true, pending }, [over]);
}
function constant(m, node) {
    const v = node.value;
    if (v === null || v === undefined)
        return NONE;
    if (typeof v === "boolean")
        return bool(v);
    const kind = constantKind(node, m.frame.lines);
    if (kind === "ellipsis")
        return ELLIPSIS;
    if (kind === "bytes")
        return { t: "bytes", v: String(v) };
    if (hasNamedCharacter(node))
        return unknown("a text with a character by its name", { type: "str", truthy: true });
    if (typeof v === "string")
        return str(v);
    if (typeof v === "bigint")
        return Number.isSafeInteger(Number(v))
            ? num(Number(v))
            : unknown("a very large number", { type: "int", truthy: true });
    if (typeof v === "number")
        return num(v, kind === "float");
    return unknown("a complex number");
}
/** Evaluates either side in its own worlds and puts the results together. */
function branch(m, when, yes, no) {
    const start = m.pc;
    const then = simplified(m, and(start, when));
    const otherwise = simplified(m, and(start, not(when)));
    m.pc = then;
    const a = possible(then) ? yes() : null;
    const afterThen = m.pc;
    m.pc = possible(otherwise) ? simplified(m, otherwise) : FALSE;
    const b = possible(m.pc) ? no() : null;
    const [endA, endB] = [a === null ? FALSE : afterThen, b === null ? FALSE : m.pc];
    m.pc = simplified(m, or(endA, endB));
    if (a === null || !possible(endA))
        return b ?? a ?? unknown("never executed");
    if (b === null || !possible(endB))
        return a;
    return ite(when, a, b);
}
function boolOp(m, isAnd, values) {
    const [first, ...rest] = values;
    const left = evaluate(m, first);
    if (rest.length === 0 || !possible(m.pc))
        return left;
    const on = truthOf(m, left);
    const more = () => boolOp(m, isAnd, rest);
    return isAnd ? branch(m, on, more, () => narrow(m, left)) : branch(m, on, () => narrow(m, left), more);
}
function comparison(m, node) {
    let left = evaluate(m, node.left);
    let all = TRUE;
    for (const [i, op] of node.ops.entries()) {
        const right = evaluate(m, node.comparators[i]);
        if (op.nodeType === "In" || op.nodeType === "NotIn")
            interestedIn(m, left, right);
        if (node.left.nodeType === "Call")
            castRead(m, node.left, "compared");
        if (/^(Lt|Gt|In|NotIn)/.test(op.nodeType)) {
            doubt(m, left);
            doubt(m, right);
        }
        all = and(all, compareObjects(m, op.nodeType, left, right));
        left = right;
    }
    return all;
}
function sequence(m, elts) {
    if (!elts.some((e) => e.nodeType === "Starred"))
        return tuple(elts.map((e) => evaluate(m, e)));
    let content = tuple([]);
    for (const e of elts) {
        const v = evaluate(m, e.nodeType === "Starred" ? e.value : e);
        const more = e.nodeType === "Starred" ? itemsOrRaise(m, v) : tuple([v]);
        content = pure(m, [content, more], ([a, b]) => tuple([...itemsIn(a), ...itemsIn(b)]));
    }
    return content;
}
function dictionary(m, node) {
    const d = values_dict(m.pc);
    for (const [i, k] of node.keys.entries()) {
        const value = node.values[i];
        if (k === null || k === undefined)
            updateFrom(m, d, evaluate(m, value));
        else {
            const key = evaluate(m, k);
            dictSet(m, d, key, evaluate(m, value));
        }
    }
    return d;
}
function formattedValue(m, node) {
    const v = evaluate(m, node.value);
    const shown = node.conversion === 114 ? toRepr(m, v) : node.conversion === 115 ? toText(m, v) : v;
    if (!node.format_spec)
        return toText(m, shown);
    return pure(m, [evaluate(m, node.format_spec)], ([spec]) => spec?.t === "str" ? formatted(m, shown, spec.v) : unknown("a format"));
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/standard.js
const STANDARD = new Set(`abc argparse array ast asyncio atexit base64 bisect builtins bz2 calendar cmath codecs collections concurrent
  configparser contextlib contextvars copy csv ctypes dataclasses datetime dbm decimal difflib dis distutils email enum
  errno faulthandler fcntl filecmp fnmatch fractions ftplib functools gc getopt getpass gettext glob grp gzip hashlib
  heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma
  mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint pwd queue random re readline
  resource sched secrets select selectors shelve shlex shutil signal site smtplib socket sqlite3 ssl stat statistics
  string struct subprocess sys sysconfig syslog tarfile tempfile textwrap threading time timeit tomllib traceback types
  typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser wsgiref xml xmlrpc zipfile zlib
  zoneinfo`.split(/\s+/));
/** Is a module, or the package it is in, one of Python's own? */
function isStandard(name) {
    return STANDARD.has(name.split(".")[0]);
}

;// CONCATENATED MODULE: ./build/src/python/outside/declared.js
/** Is a package that provides this import name declared? */
function declared(m, top) {
    if (m.packages === null)
        return false;
    const name = distribution(top);
    if (name === "django")
        return true;
    for (const p of m.packages)
        if (p === name || p.includes(name))
            return true;
    return false;
}
/** The package that provides an import name, as requirements name it. */
const distribution = (top) => (DISTRIBUTIONS[top] ?? top).replace(/_/g, "-").toLowerCase();
const DISTRIBUTIONS = {
    environ: "django-environ",
    decouple: "python-decouple",
    dotenv: "python-dotenv",
    yaml: "pyyaml",
    rest_framework: "djangorestframework",
    corsheaders: "django-cors-headers",
    PIL: "pillow",
    MySQLdb: "mysqlclient",
    psycopg2: "psycopg2",
    split_settings: "django-split-settings",
    configurations: "django-configurations",
};

;// CONCATENATED MODULE: ./build/src/python/models/configparser-parts.js
/** The names of configparser that its parsers raise and know. */
const CONFIG_NAMES = `
DEFAULTSECT = 'DEFAULT'
MAX_INTERPOLATION_DEPTH = 10

class Error(Exception):
    pass

class NoSectionError(Error):
    pass

class NoOptionError(Error):
    pass

class DuplicateSectionError(Error):
    pass

class DuplicateOptionError(Error):
    pass

class InterpolationError(Error):
    pass

class InterpolationMissingOptionError(InterpolationError):
    pass

class InterpolationSyntaxError(InterpolationError):
    pass

class InterpolationDepthError(InterpolationError):
    pass

class ParsingError(Error):
    pass

class MissingSectionHeaderError(ParsingError):
    pass

class Interpolation:
    pass

class BasicInterpolation(Interpolation):
    pass

class ExtendedInterpolation(Interpolation):
    pass

class _Unset:
    pass

_UNSET = _Unset()

def _said():
    return unknown('what configparser says', 'str')
`;
/** A section of a parser, as a mapping. */
const CONFIG_SECTION = `
class SectionProxy:
    def __init__(self, parser, name):
        self.parser = parser
        self.name = name

    def __getitem__(self, key):
        if not self.parser.has_option(self.name, key):
            raise KeyError(key)
        return self.parser.get(self.name, key)

    def __setitem__(self, key, value):
        self.parser._lose('an option that was set')
        return self.parser._why()

    def __delitem__(self, key):
        self.parser._lose('an option that was taken out')
        return self.parser._why()

    def __contains__(self, key):
        return self.parser.has_option(self.name, key)

    def _options(self):
        if self.name == self.parser.default_section:
            return list(self.parser.defaults())
        return self.parser.options(self.name)

    def __len__(self):
        return len(self._options())

    def __iter__(self):
        return self._options()

    def get(self, option, fallback=None, *, raw=False, vars=None):
        return self.parser.get(self.name, option, raw=raw, vars=vars, fallback=fallback)

    def getint(self, option, fallback=None, **kwargs):
        return self.parser.getint(self.name, option, fallback=fallback, **kwargs)

    def getfloat(self, option, fallback=None, **kwargs):
        return self.parser.getfloat(self.name, option, fallback=fallback, **kwargs)

    def getboolean(self, option, fallback=None, **kwargs):
        return self.parser.getboolean(self.name, option, fallback=fallback, **kwargs)

    def keys(self):
        return dict.fromkeys(self._options()).keys()

    def items(self):
        return {key: self[key] for key in self._options()}.items()

    def values(self):
        return {key: self[key] for key in self._options()}.values()

    def _changed(self, *args, **kwargs):
        self.parser._lose('a section that was changed')
        return self.parser._why()

    update = _changed
    pop = _changed
    popitem = _changed
    setdefault = _changed
    clear = _changed
`;

;// CONCATENATED MODULE: ./build/src/python/models/configparser.js

/** configparser of Python 3.8 to 3.14, as far as settings use it; whatever else is asked of a parser loses it. */
const CONFIGPARSER = `
from _djdeploy import ini_files, ini_rows, ini_text, is_unknown, unknown

${CONFIG_NAMES}
class RawConfigParser:
    _basic = False
    BOOLEAN_STATES = {'1': True, 'yes': True, 'true': True, 'on': True, '0': False, 'no': False, 'false': False, 'off': False}

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=('=', ':'), comment_prefixes=('#', ';'), inline_comment_prefixes=None, strict=True, empty_lines_in_values=True, default_section='DEFAULT', interpolation=_UNSET, **more):
        self._lost = False
        self._why = None
        self._sections = {}
        self._defaults = {}
        self._novalue = bool(allow_no_value)
        self._strict = bool(strict)
        self.default_section = default_section
        if interpolation is None:
            self._basic = False
        elif isinstance(interpolation, BasicInterpolation):
            self._basic = True
        elif not isinstance(interpolation, _Unset):
            self._lose('an interpolation that is not modelled')
        if delimiters != ('=', ':') or comment_prefixes != ('#', ';') or inline_comment_prefixes or not empty_lines_in_values or more:
            self._lose('options of configparser that are not modelled')
        if isinstance(defaults, dict):
            for key, value in defaults.items():
                self._defaults[self.optionxform(str(key))] = value if value is None else str(value)
        elif defaults is not None:
            self._lose('defaults of configparser that are not known')

    def _lose(self, why):
        self._lost = True
        self._why = unknown(why)

    def optionxform(self, option):
        return option.lower()

    def _take(self, text):
        rows = ini_rows(text, self._novalue)
        if is_unknown(rows):
            self._lost = True
            self._why = rows
            return
        where = None
        section = None
        seen = {}
        for kind, name, value in rows:
            if kind == 'section':
                where = name
                if name == self.default_section and name not in self._sections:
                    section = self._defaults
                    continue
                if name not in self._sections:
                    self._sections[name] = {}
                elif self._strict and (name,) in seen:
                    self._lose('a file with a section twice')
                    raise DuplicateSectionError(_said())
                seen[(name,)] = True
                section = self._sections[name]
            elif kind == 'option':
                key = self.optionxform(name)
                if self._strict and (where, key) in seen:
                    self._lose('a file with an option twice')
                    raise DuplicateOptionError(_said())
                seen[(where, key)] = True
                section[key] = value
            elif kind == 'headless':
                raise MissingSectionHeaderError(_said())
            else:
                self._lose('a file that configparser refuses')
                raise ParsingError(_said())

    def read(self, filenames, encoding=None):
        done = []
        for filename in ini_files(filenames):
            text = ini_text(filename)
            if is_unknown(text):
                self._lost = True
                self._why = text
                done = text
            else:
                self._take(text)
                if not self._lost:
                    done.append(str(filename))
        return self._why if self._lost else done

    def read_file(self, f, source=None):
        self._take(f.read())

    def read_string(self, string, source='<string>'):
        self._take(string)

    def read_dict(self, *args, **kwargs):
        self._lose('read_dict()')
        return self._why()

    def defaults(self):
        if self._lost:
            return self._why
        return self._defaults

    def sections(self):
        if self._lost:
            return self._why()
        return list(self._sections.keys())

    def has_section(self, section):
        if self._lost:
            return self._why()
        return section in self._sections

    def options(self, section):
        if self._lost:
            return self._why()
        if section not in self._sections:
            self._no_section(section)
        found = dict(self._sections[section])
        found.update(self._defaults)
        return list(found.keys())

    def has_option(self, section, option):
        if self._lost:
            return self._why()
        if not section or section == self.default_section:
            return self.optionxform(option) in self._defaults
        if section not in self._sections:
            return False
        option = self.optionxform(option)
        return option in self._sections[section] or option in self._defaults

    def _no_section(self, section):
        error = NoSectionError('No section: ' + repr(section))
        error.section = section
        error.args = (section,)
        raise error

    def _values(self, section, vars):
        found = dict(self._defaults)
        if section in self._sections:
            found.update(self._sections[section])
        elif section != self.default_section:
            self._no_section(section)
        if vars:
            for key, value in vars.items():
                found[self.optionxform(key)] = value if value is None else str(value)
        return found

    def get(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        if self._lost or (vars and not isinstance(vars, dict)):
            return self._unclear(section, option)
        try:
            found = self._values(section, vars)
        except NoSectionError:
            if isinstance(fallback, _Unset):
                raise
            return fallback
        option = self.optionxform(option)
        if option not in found:
            if isinstance(fallback, _Unset):
                error = NoOptionError('No option ' + repr(option) + ' in section: ' + repr(section))
                error.option = option
                error.section = section
                error.args = (option, section)
                raise error
            return fallback
        value = found[option]
        if raw or value is None or not self._basic or '%' not in value:
            return value
        parts = []
        self._interpolate(parts, value, found, 1)
        return ''.join(parts)

    def _unclear(self, *args):
        why = self._why if self._lost else unknown('variables given to configparser')
        return why(*args)

    def _interpolate(self, parts, rest, found, depth):
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError(_said())
        while rest:
            at = rest.find('%')
            if at < 0:
                parts.append(rest)
                return
            if at > 0:
                parts.append(rest[:at])
                rest = rest[at:]
            if rest[1:2] == '%':
                parts.append('%')
                rest = rest[2:]
                continue
            end = rest.find(')')
            if rest[1:2] != '(' or end <= 2 or rest[end:end + 2] != ')s':
                raise InterpolationSyntaxError(_said())
            name = self.optionxform(rest[2:end])
            rest = rest[end + 2:]
            if name not in found:
                raise InterpolationMissingOptionError(_said())
            value = found[name]
            if '%' in value:
                self._interpolate(parts, value, found, depth + 1)
            else:
                parts.append(value)

    def _converted(self, section, option, conv, kwargs):
        fallback = kwargs.pop('fallback', _UNSET)
        try:
            value = self.get(section, option, **kwargs)
        except (NoSectionError, NoOptionError):
            if isinstance(fallback, _Unset):
                raise
            return fallback
        return conv(value)

    def getint(self, section, option, **kwargs):
        return self._converted(section, option, int, kwargs)

    def getfloat(self, section, option, **kwargs):
        return self._converted(section, option, float, kwargs)

    def getboolean(self, section, option, **kwargs):
        return self._converted(section, option, self._boolean, kwargs)

    def _boolean(self, value):
        if value.lower() not in self.BOOLEAN_STATES:
            raise ValueError('Not a boolean: ' + value)
        return self.BOOLEAN_STATES[value.lower()]

    def items(self, section=_UNSET, raw=False, vars=None):
        if self._lost or vars or isinstance(section, _Unset):
            return self._unclear()
        found = self._values(section, None)
        return [(option, self.get(section, option, raw=raw)) for option in found]

    def add_section(self, section):
        if self._lost:
            return self._why(section)
        if section == self.default_section:
            raise ValueError('Invalid section name: ' + repr(section))
        if section in self._sections:
            raise DuplicateSectionError(_said())
        self._sections[section] = {}

    def set(self, section, option, value=None):
        self._lose('set() of a parser')
        return self._why()

    def remove_option(self, section, option):
        self._lose('remove_option()')
        return self._why()

    def remove_section(self, section):
        self._lose('remove_section()')
        return self._why()

    def __getitem__(self, key):
        if self._lost:
            return self._why(key)
        if key != self.default_section and key not in self._sections:
            raise KeyError(key)
        return SectionProxy(self, key)

    def __setitem__(self, key, value):
        self._lose('a section that was set')
        return self._why()

    def __delitem__(self, key):
        self._lose('a section that was taken out')
        return self._why()

    def __contains__(self, key):
        if self._lost:
            return self._why(key)
        return key == self.default_section or key in self._sections

    def __len__(self):
        return len(self._sections) + 1 if not self._lost else unknown('the number of sections', 'int')

    def __iter__(self):
        if self._lost:
            return self._why()
        return [self.default_section] + list(self._sections.keys())

    def _changed(self, *args, **kwargs):
        self._lose('a parser that was changed')
        return self._why()

    update = _changed
    pop = _changed
    popitem = _changed
    setdefault = _changed
    clear = _changed
    write = _changed
    keys = _changed
    values = _changed

class ConfigParser(RawConfigParser):
    def add_section(self, section):
        if not isinstance(section, str):
            raise TypeError('section names must be strings')
        super().add_section(section)

    _basic = True

${CONFIG_SECTION}`;

;// CONCATENATED MODULE: ./build/src/python/models/configurations.js
/** django-configurations 2.5: the classes; `_apply` is what its importer does after the module has run. */
const CONFIGURATIONS = `
from configurations import values

class Configuration:
    DOTENV_LOADED = None
    @classmethod
    def pre_setup(cls):
        pass
    @classmethod
    def setup(cls):
        for name in dir(cls):
            if name.isupper():
                value = getattr(cls, name)
                if isinstance(value, values.Value):
                    made = value.setup(name)
                    setattr(cls, name, made)
                    if value.multiple:
                        for k, v in made.items():
                            setattr(cls, k, v)
    @classmethod
    def post_setup(cls):
        pass

Settings = Configuration

def _apply(cls, module_globals):
    cls.pre_setup()
    cls.setup()
    instance = cls()
    for name in dir(instance):
        if name.isupper():
            module_globals[name] = getattr(instance, name)
    cls.post_setup()
`;
const CONFIGURATION_VALUES = `
import ast, os
from _djdeploy import note, unknown, MISSING_MARK

class Value:
    multiple = False
    late_binding = False

    def __new__(cls, *args, **kwargs):
        instance = object.__new__(cls)
        instance.__init__(*args, **kwargs)
        if not kwargs.get('late_binding'):
            if (instance.environ and instance.environ_name) or (not instance.environ and instance.default):
                return instance.setup(instance.environ_name)
        return instance

    def __init__(self, default=None, environ=True, environ_name=None, environ_prefix='DJANGO', environ_required=False, *args, **kwargs):
        if isinstance(default, Value) and default.default is not None:
            default = default.default
        self.default = default
        self.environ = environ
        if environ_prefix and environ_prefix.endswith('_'):
            environ_prefix = environ_prefix[:-1]
        self.environ_prefix = environ_prefix
        self.environ_name = environ_name
        self.environ_required = environ_required

    def full_environ_name(self, name):
        environ_name = self.environ_name if self.environ_name else name.upper()
        return self.environ_prefix + '_' + environ_name if self.environ_prefix else environ_name

    def setup(self, name):
        value = self.default
        if self.environ:
            full = self.full_environ_name(name)
            if full in os.environ:
                text = os.environ[full]
                note(full, MISSING_MARK if self.environ_required else self.default, type(self).__name__)
                value = self.to_python(text)
            else:
                note(full, MISSING_MARK if self.environ_required else self.default, type(self).__name__)
                if self.environ_required:
                    raise ValueError('Value ' + name + ' is required to be set as the environment variable ' + full)
        self.value = value
        return value

    def to_python(self, value):
        return value

class MultipleMixin:
    multiple = True

class BooleanValue(Value):
    true_values = ('yes', 'y', 'true', '1')
    false_values = ('no', 'n', 'false', '0', '')
    def to_python(self, value):
        normalized_value = value.strip().lower()
        if normalized_value in self.true_values:
            return True
        elif normalized_value in self.false_values:
            return False
        raise ValueError('Cannot interpret boolean value ' + value)

class IntegerValue(Value):
    def to_python(self, value):
        return int(value)

class PositiveIntegerValue(IntegerValue):
    def to_python(self, value):
        int_value = int(value)
        if int_value < 0:
            raise ValueError('not positive')
        return int_value

class FloatValue(Value):
    def to_python(self, value):
        return float(value)

class DecimalValue(FloatValue):
    pass

class SequenceValue(Value):
    separator = ','
    sequence_type = list
    def __init__(self, *args, **kwargs):
        self.separator = kwargs.get('separator') or ','
        self.converter = kwargs.get('converter')
        super().__init__(*args, **kwargs)
        self.default = self.sequence_type() if self.default is None else self.sequence_type(self.default)
    def to_python(self, value):
        parts = [v.strip() for v in value.strip().split(self.separator)]
        parts = [v for v in parts if v]
        if self.converter is not None:
            parts = [self.converter(v) for v in parts]
        return self.sequence_type(parts)

class ListValue(SequenceValue):
    sequence_type = list

class TupleValue(SequenceValue):
    sequence_type = tuple

class SetValue(SequenceValue):
    sequence_type = set

class SingleNestedListValue(Value):
    def to_python(self, value):
        return [[v.strip() for v in part.split(',') if v.strip()] for part in value.split(';') if part.strip()]

class SingleNestedTupleValue(Value):
    def to_python(self, value):
        return tuple(tuple(v.strip() for v in part.split(',') if v.strip()) for part in value.split(';') if part.strip())

class BackendsValue(ListValue):
    pass

class DictValue(Value):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default = {} if self.default is None else dict(self.default)
    def to_python(self, value):
        if not value:
            return {}
        return dict(ast.literal_eval(value))

class JSONValue(Value):
    def to_python(self, value):
        import json
        return json.loads(value)

class ValidationMixin:
    pass

class CastingMixin:
    pass

class EmailValue(Value):
    pass

class URLValue(Value):
    pass

class IPValue(Value):
    pass

class RegexValue(Value):
    pass

class PathValue(Value):
    pass

class SecretValue(Value):
    def __init__(self, *args, **kwargs):
        kwargs['environ'] = True
        kwargs['environ_required'] = True
        super().__init__(*args, **kwargs)
    def setup(self, name):
        value = super().setup(name)
        if not value:
            raise ValueError('Secret value is not set')
        return value

class DatabaseURLValue(Value):
    def __init__(self, default=None, *args, **kwargs):
        self.alias = kwargs.get('alias') or 'default'
        kwargs.setdefault('environ_name', 'DATABASE_URL')
        kwargs.setdefault('environ_prefix', None)
        kwargs['late_binding'] = True
        super().__init__(default, *args, **kwargs)
        if self.default is None:
            self.default = {}
        else:
            self.default = self.to_python(self.default)
    def to_python(self, value):
        import dj_database_url
        return {self.alias: dj_database_url.parse(value)}

class CacheURLValue(Value):
    def __init__(self, default=None, *args, **kwargs):
        kwargs.setdefault('environ_name', 'CACHE_URL')
        kwargs.setdefault('environ_prefix', None)
        kwargs['late_binding'] = True
        super().__init__(default, *args, **kwargs)
    def setup(self, name):
        super().setup(name)
        return unknown('a cache URL', 'dict')
    def to_python(self, value):
        return unknown('a cache URL', 'dict')

class EmailURLValue(CacheURLValue):
    pass

class SearchURLValue(CacheURLValue):
    pass
`;

;// CONCATENATED MODULE: ./build/src/python/models/database-url.js
/** dj-database-url 3. */
const DATABASE_URL = `
import os
import urllib.parse as urlparse
from _djdeploy import note, like, is_unknown, unknown

DEFAULT_ENV = "DATABASE_URL"
SCHEMES = {
    "postgres": "django.db.backends.postgresql", "postgresql": "django.db.backends.postgresql",
    "pgsql": "django.db.backends.postgresql", "postgis": "django.contrib.gis.db.backends.postgis",
    "redshift": "django_redshift_backend", "timescale": "timescale.db.backends.postgresql",
    "mysql": "django.db.backends.mysql", "mysql2": "django.db.backends.mysql",
    "mysql-connector": "mysql.connector.django", "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3", "spatialite": "django.contrib.gis.db.backends.spatialite",
    "oracle": "django.db.backends.oracle", "mssql": "sql_server.pyodbc", "mssqlms": "mssql",
    "cockroach": "django_cockroachdb",
}

class ParseError(ValueError):
    pass

class UnknownSchemeError(ValueError):
    pass

def config(env=DEFAULT_ENV, default=None, engine=None, conn_max_age=0, conn_health_checks=False,
           disable_server_side_cursors=False, ssl_require=False, test_options=None):
    s = os.environ.get(env, default)
    note(env, default, 'dj_database_url')
    if s:
        return parse(s, engine, conn_max_age, conn_health_checks, disable_server_side_cursors, ssl_require, test_options)
    return {}

def parse(url, engine=None, conn_max_age=0, conn_health_checks=False, disable_server_side_cursors=False,
          ssl_require=False, test_options=None):
    like(url, 'postgres://user:password@db.example.com:5432/name', 'mysql://localhost/data')
    if is_unknown(url):
        return unknown('a database URL', 'dict')
    settings = {
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": conn_health_checks,
        "DISABLE_SERVER_SIDE_CURSORS": disable_server_side_cursors,
    }
    if engine:
        settings["ENGINE"] = engine
    if test_options:
        settings["TEST"] = test_options
    if url == "sqlite://:memory:":
        return {"ENGINE": SCHEMES["sqlite"], "NAME": ":memory:"}
    found = urlparse.urlsplit(url)
    if found.scheme not in SCHEMES:
        raise UnknownSchemeError(found.scheme)
    options = {k: v[0] for k, v in urlparse.parse_qs(found.query).items()}
    parsed = {
        "ENGINE": SCHEMES[found.scheme],
        "USER": urlparse.unquote(found.username or ""),
        "PASSWORD": urlparse.unquote(found.password or ""),
        "HOST": urlparse.unquote(found.hostname or ""),
        "PORT": found.port or "",
        "NAME": urlparse.unquote(found.path[1:]),
    }
    if parsed["ENGINE"] == SCHEMES["sqlite"] and not parsed["NAME"]:
        parsed["NAME"] = ":memory:"
    if ssl_require:
        options["sslmode"] = "require"
    parsed.update(settings)
    if options:
        parsed["OPTIONS"] = options
    return parsed
`;

;// CONCATENATED MODULE: ./build/src/python/models/decouple.js
/** python-decouple 3.8. */
const DECOUPLE = String.raw `
import os
from _djdeploy import note, caller_file, read_env_file, MISSING_MARK, split_list, find_upwards

TRUE_VALUES = ("y", "yes", "t", "true", "on", "1")
FALSE_VALUES = ("n", "no", "f", "false", "off", "0")

def strtobool(value):
    if isinstance(value, bool):
        return value
    value = value.lower()
    if value in TRUE_VALUES:
        return True
    elif value in FALSE_VALUES:
        return False
    raise ValueError("Invalid truth value: " + value)

class UndefinedValueError(Exception):
    pass

class Undefined:
    pass

undefined = Undefined()

class Config:
    def __init__(self, repository):
        self.repository = repository

    def _cast_boolean(self, value):
        value = str(value)
        return bool(value) if value == '' else bool(strtobool(value))

    def get(self, option, default=undefined, cast=undefined):
        if option in os.environ:
            value = os.environ[option]
        elif option in self.repository:
            value = self.repository[option]
        else:
            if isinstance(default, Undefined):
                raise UndefinedValueError(option + ' not found. Declare it as envvar or define a default value.')
            value = default
        note(option, MISSING_MARK if isinstance(default, Undefined) else default, None if isinstance(cast, Undefined) else getattr(cast, '__name__', None))
        if isinstance(cast, Undefined):
            return value
        if cast is bool:
            return self._cast_boolean(value)
        return cast(value)

    def __call__(self, *args, **kwargs):
        return self.get(*args, **kwargs)

def RepositoryEmpty(source='', encoding='UTF-8'):
    return {}

def RepositoryEnv(source, encoding='UTF-8'):
    return read_env_file(source, 'decouple')

RepositoryIni = RepositoryEnv

def RepositorySecret(source='/run/secrets/'):
    return {}

class AutoConfig:
    def __init__(self, search_path=None):
        self.search_path = search_path
        self.config = None

    def __call__(self, *args, **kwargs):
        if not self.config:
            start = self.search_path or os.path.dirname(caller_file())
            found = find_upwards(start, '.env')
            self.config = Config(read_env_file(found, 'decouple') if found else {})
        return self.config(*args, **kwargs)

config = AutoConfig()

class Csv:
    def __init__(self, cast=str, delimiter=',', strip=' \t\n\r\x0b\x0c', post_process=list):
        self.cast = cast
        self.delimiter = delimiter
        self.strip = strip
        self.post_process = post_process

    def __call__(self, value):
        if value is None:
            return self.post_process()
        return self.post_process([self.cast(s.strip(self.strip)) for s in split_list(value, self.delimiter)])

class Choices:
    def __init__(self, flat=None, cast=str, choices=None):
        self.flat = flat or []
        self.cast = cast
        self.choices = choices or []
        self._valid_values = list(self.flat) + [value for value, _ in self.choices]

    def __call__(self, value):
        transform = self.cast(value)
        if transform not in self._valid_values:
            raise ValueError('Value not in list')
        return transform
`;

;// CONCATENATED MODULE: ./build/src/python/models/django-environ.js
/** django-environ 0.14, `import environ`. */
const DJANGO_ENVIRON = String.raw `
import json, os, pathlib, re
from urllib.parse import urlparse
from django.core.exceptions import ImproperlyConfigured
from _djdeploy import note, unknown, is_unknown, caller_file, load_env_file

_str, _int, _float, _bool, _list, _dict, _tuple = str, int, float, bool, list, dict, tuple

from environ_urls import EnvUrls

class NoValue:
    pass

class Env(EnvUrls):
    ENVIRON = os.environ
    NOTSET = NoValue()
    BOOLEAN_TRUE_STRINGS = ('true', 'on', 'ok', 'y', 'yes', '1')

    def __init__(self, **scheme):
        self.smart_cast = True
        self.escape_proxy = False
        self.prefix = ""
        self.scheme = scheme

    def __call__(self, var, cast=None, default=NOTSET, parse_default=False):
        return self.get_value(var, cast=cast, default=default, parse_default=parse_default)

    def __contains__(self, var):
        return var in self.ENVIRON

    def str(self, var, default=NOTSET, multiline=False, choices=NOTSET):
        value = self.get_value(var, cast=_str, default=default)
        if multiline:
            return re.sub(r'(\\r)?\\n', r'\n', value)
        if choices is not self.NOTSET and value not in choices:
            raise ImproperlyConfigured("Invalid value")
        return value

    unicode = str

    def bytes(self, var, default=NOTSET, encoding='utf8'):
        value = self.get_value(var, cast=_str, default=default)
        return value.encode(encoding) if hasattr(value, 'encode') else value

    def bool(self, var, default=NOTSET):
        return self.get_value(var, cast=_bool, default=default)

    def int(self, var, default=NOTSET):
        return self.get_value(var, cast=_int, default=default)

    def float(self, var, default=NOTSET):
        return self.get_value(var, cast=_float, default=default)

    def json(self, var, default=NOTSET):
        return self.get_value(var, cast=json.loads, default=default)

    def list(self, var, cast=None, default=NOTSET):
        return self.get_value(var, cast=_list if not cast else [cast], default=default)

    def tuple(self, var, cast=None, default=NOTSET):
        return self.get_value(var, cast=_tuple if not cast else (cast,), default=default)

    def dict(self, var, cast=_dict, default=NOTSET):
        return self.get_value(var, cast=cast, default=default)

    def url(self, var, default=NOTSET):
        return self.get_value(var, cast=urlparse, default=default, parse_default=True)

    def db_url(self, var='DATABASE_URL', default=NOTSET, engine=None):
        value = self.get_value(var, default=default)
        return self.db_url_config(value, engine=engine)
    db = db_url

    def cache_url(self, var='CACHE_URL', default=NOTSET, backend=None):
        value = self.get_value(var, default=default)
        return self.cache_url_config(value, backend=backend)
    cache = cache_url

    def email_url(self, var='EMAIL_URL', default=NOTSET, backend=None):
        value = self.get_value(var, default=default)
        return self.email_url_config(value, backend=backend)
    email = email_url

    def search_url(self, var='SEARCH_URL', default=NOTSET, engine=None):
        self.get_value(var, default=default)
        return unknown('env.search_url()', 'dict')

    def channels_url(self, var='CHANNELS_URL', default=NOTSET, backend=None):
        self.get_value(var, default=default)
        return unknown('env.channels_url()', 'dict')

    def path(self, var, default=NOTSET, **kwargs):
        return Path(self.get_value(var, default=default), **kwargs)

    def get_value(self, var, cast=None, default=NOTSET, parse_default=False):
        var_name = self.prefix + var
        if var_name in self.scheme:
            var_info = self.scheme[var_name]
            has_default = isinstance(var_info, (_list, _tuple, _str)) and len(var_info) == 2
            if has_default:
                if not cast:
                    cast = var_info[0]
                if default is self.NOTSET:
                    default = var_info[1]
            elif not cast:
                cast = var_info
        try:
            value = self.ENVIRON[var_name]
        except KeyError:
            note(var_name, None, 'required')
            if default is self.NOTSET:
                note_required(var_name)
                raise ImproperlyConfigured('Set the ' + var_name + ' environment variable')
            value = default
        if default is not self.NOTSET:
            note(var_name, default, _cast_name(cast))
        else:
            note_required(var_name, _cast_name(cast))
        if isinstance(value, _str) and not is_unknown(value) and value.startswith('$'):
            value = self.get_value(value.lstrip('$'), cast=cast, default=default)
        if self.smart_cast and cast is None and default is not None and not isinstance(default, NoValue):
            cast = type(default)
        if default is None and value == '':
            value = None
        if value != default or (parse_default and value is not None):
            value = self.parse_value(value, cast)
        return value

    @classmethod
    def parse_value(cls, value, cast):
        if cast is None:
            return value
        if cast is _bool:
            try:
                value = _int(value) != 0
            except ValueError:
                value = value.lower().strip() in cls.BOOLEAN_TRUE_STRINGS
        elif isinstance(cast, _list):
            value = _list(map(cast[0], [x for x in value.split(',') if x]))
        elif isinstance(cast, _tuple):
            val = value.strip('(').strip(')').split(',')
            value = _tuple(map(cast[0], [x for x in val if x]))
        elif isinstance(cast, _dict):
            key_cast = cast.get('key', _str)
            value_cast = cast.get('value', _str)
            value_cast_by_key = cast.get('cast', {})
            value = _dict(
                (key_cast(k), cls.parse_value(v, value_cast_by_key.get(k, value_cast)))
                for k, v in [x.split('=', 1) for x in value.split(';') if x])
        elif cast is _dict:
            value = _dict([v.split('=', 1) for v in value.split(',') if v])
        elif cast is _list:
            value = [x for x in value.split(',') if x]
        elif cast is _tuple:
            val = value.strip('(').strip(')').split(',')
            value = _tuple(x for x in val if x)
        elif cast is _float:
            float_str = re.sub(r'[^\d,.-]', '', value)
            parts = re.split(r'[,.]', float_str)
            if len(parts) == 1:
                float_str = parts[0]
            else:
                float_str = ''.join(parts[0:-1]) + '.' + parts[-1]
            value = _float(float_str)
        else:
            value = cast(value)
        return value

    @classmethod
    def read_env(cls, env_file=None, overwrite=False, parse_comments=False, encoding='utf8', **overrides):
        if env_file is None:
            env_file = os.path.join(os.path.dirname(caller_file()), '.env')
        load_env_file(_str(env_file), overwrite, 'environ')
        for key, value in overrides.items():
            cls.ENVIRON.setdefault(key, value)

def note_required(name, cast=None):
    note(name, _MISSING, cast)

def _cast_name(cast):
    if isinstance(cast, (_list, _tuple)):
        return 'list'
    return getattr(cast, '__name__', None)

from _djdeploy import MISSING_MARK as _MISSING

class FileAwareEnv(Env):
    pass

class Path:
    def __init__(self, start='', *paths, **kwargs):
        if kwargs.get('is_file', False):
            start = os.path.dirname(start)
        self.__root__ = os.path.abspath(os.path.join(start, *paths))

    root = property(lambda self: self.__root__)

    def path(self, *paths, **kwargs):
        return Path(self.__root__, *paths, **kwargs)

    def __call__(self, *paths, **kwargs):
        return os.path.abspath(os.path.join(self.__root__, *paths))

    def file(self, name, *args, **kwargs):
        return open(self(name), *args, **kwargs)

    def __add__(self, other):
        if isinstance(other, Path):
            return Path(self.__root__, other.__root__)
        return Path(self.__root__, other)

    def __sub__(self, other):
        if isinstance(other, _int):
            return self.path('../' * other)
        return Path(self.__root__.rstrip(other))

    def __getitem__(self, *args, **kwargs):
        return _str(self).__getitem__(*args, **kwargs)

    def __str__(self):
        return self.__root__

    def __fspath__(self):
        return self.__root__

    def rfind(self, *args):
        return self.__root__.rfind(*args)

    def find(self, *args):
        return self.__root__.find(*args)

PathLike = Path
`;

;// CONCATENATED MODULE: ./build/src/python/models/django-environ-urls.js
/** The part of django-environ that makes configurations of URLs. */
const DJANGO_ENVIRON_URLS = `
from urllib.parse import urlparse, unquote_plus, parse_qs
from django.core.exceptions import ImproperlyConfigured
from _djdeploy import unknown, is_unknown, like

class EnvUrls:
    DB_SCHEMES = {
        'postgres': 'django.db.backends.postgresql', 'postgresql': 'django.db.backends.postgresql',
        'psql': 'django.db.backends.postgresql', 'pgsql': 'django.db.backends.postgresql',
        'postgis': 'django.contrib.gis.db.backends.postgis', 'cockroachdb': 'django_cockroachdb',
        'mysql': 'django.db.backends.mysql', 'mysql2': 'django.db.backends.mysql',
        'mysqlgis': 'django.contrib.gis.db.backends.mysql', 'oracle': 'django.db.backends.oracle',
        'redshift': 'django_redshift_backend', 'spatialite': 'django.contrib.gis.db.backends.spatialite',
        'sqlite': 'django.db.backends.sqlite3', 'mssql': 'mssql',
    }
    CACHE_SCHEMES = {
        'dbcache': 'django.core.cache.backends.db.DatabaseCache',
        'dummycache': 'django.core.cache.backends.dummy.DummyCache',
        'filecache': 'django.core.cache.backends.filebased.FileBasedCache',
        'locmemcache': 'django.core.cache.backends.locmem.LocMemCache',
        'memcache': 'django.core.cache.backends.memcached.MemcachedCache',
        'pymemcache': 'django.core.cache.backends.memcached.PyMemcacheCache',
        'pylibmc': 'django.core.cache.backends.memcached.PyLibMCCache',
        'rediscache': 'django.core.cache.backends.redis.RedisCache',
        'redis': 'django.core.cache.backends.redis.RedisCache',
        'rediss': 'django.core.cache.backends.redis.RedisCache',
    }
    EMAIL_SCHEMES = {
        'smtp': 'django.core.mail.backends.smtp.EmailBackend', 'smtps': 'django.core.mail.backends.smtp.EmailBackend',
        'smtp+tls': 'django.core.mail.backends.smtp.EmailBackend', 'smtp+ssl': 'django.core.mail.backends.smtp.EmailBackend',
        'consolemail': 'django.core.mail.backends.console.EmailBackend',
        'filemail': 'django.core.mail.backends.filebased.EmailBackend',
        'memorymail': 'django.core.mail.backends.locmem.EmailBackend',
        'dummymail': 'django.core.mail.backends.dummy.EmailBackend',
    }

    @classmethod
    def db_url_config(cls, url, engine=None):
        like(url, 'postgres://user:password@db.example.com:5432/name', 'mysql://localhost/data')
        if is_unknown(url):
            return unknown('a database URL', 'dict')
        if url == 'sqlite://:memory:':
            return {'ENGINE': cls.DB_SCHEMES['sqlite'], 'NAME': ':memory:'}
        if not url:
            return {}
        if not isinstance(url, str):
            return unknown('a database URL', 'dict')
        found = urlparse(url)
        if found.scheme not in cls.DB_SCHEMES:
            if engine is None:
                return {}
        path = found.path[1:]
        path = unquote_plus(path.split('?', 2)[0])
        if found.scheme.startswith('sqlite'):
            path = path or ':memory:'
            if found.netloc:
                path = found.netloc + found.path
        config = {
            'NAME': path or '', 'USER': found.username or '', 'PASSWORD': found.password or '',
            'HOST': found.hostname or '', 'PORT': found.port or '',
        }
        config['ENGINE'] = engine or cls.DB_SCHEMES.get(found.scheme)
        options = {}
        for k, values in parse_qs(found.query).items():
            if k.upper() in ('CONN_MAX_AGE', 'ATOMIC_REQUESTS', 'AUTOCOMMIT', 'DISABLE_SERVER_SIDE_CURSORS', 'CONN_HEALTH_CHECKS'):
                config[k.upper()] = values[0]
            else:
                options[k] = values[0]
        if options:
            config['OPTIONS'] = options
        return config

    @classmethod
    def cache_url_config(cls, url, backend=None):
        like(url, 'redis://redis.example.com:6379/0', 'memcache://127.0.0.1:11211')
        if is_unknown(url):
            return unknown('a cache URL', 'dict')
        if not isinstance(url, str) or not url:
            return {}
        found = urlparse(url)
        if found.scheme not in cls.CACHE_SCHEMES:
            raise ImproperlyConfigured('Invalid cache schema ' + found.scheme)
        location = found.netloc
        if found.scheme == 'filecache':
            location = found.netloc + found.path
        elif found.scheme.startswith('redis'):
            location = url.replace('rediscache', 'redis')
        return {'BACKEND': backend or cls.CACHE_SCHEMES[found.scheme], 'LOCATION': location}

    @classmethod
    def email_url_config(cls, url, backend=None):
        like(url, 'smtp://user:password@mail.example.com:587', 'dummymail://')
        if is_unknown(url):
            return unknown('a mail URL', 'dict')
        if not isinstance(url, str) or not url:
            return {}
        found = urlparse(url)
        path = found.path[1:]
        config = {
            'EMAIL_FILE_PATH': path, 'EMAIL_HOST_USER': found.username, 'EMAIL_HOST_PASSWORD': found.password,
            'EMAIL_HOST': found.hostname, 'EMAIL_PORT': found.port,
        }
        if backend:
            config['EMAIL_BACKEND'] = backend
        elif found.scheme not in cls.EMAIL_SCHEMES:
            raise ImproperlyConfigured('Invalid email schema ' + found.scheme)
        else:
            config['EMAIL_BACKEND'] = cls.EMAIL_SCHEMES[found.scheme]
        if found.scheme in ('smtps', 'smtp+tls'):
            config['EMAIL_USE_TLS'] = True
        elif found.scheme == 'smtp+ssl':
            config['EMAIL_USE_SSL'] = True
        return config
`;

;// CONCATENATED MODULE: ./build/src/python/models/environs.js
/** environs 15 with marshmallow 4. */
const ENVIRONS = `
import json as pyjson, os
from pathlib import Path
from urllib.parse import urlparse
from _djdeploy import note, unknown, caller_file, load_env_file, find_upwards, MISSING_MARK

_str, _int, _float, _bool, _list, _dict = str, int, float, bool, list, dict

class ValidationError(ValueError):
    pass

class EnvError(ValueError):
    pass

class EnvNotSetError(EnvError):
    pass

class EnvValidationError(EnvError):
    pass

class EnvSealedError(TypeError):
    pass

TRUTHY = ("t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1")
FALSY = ("f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0")

def _to_bool(value):
    if value in TRUTHY:
        return True
    if value in FALSY:
        return False
    raise ValidationError("Not a valid boolean.")

def _cast(subcast):
    if subcast is None:
        return lambda v: v
    if subcast is _bool:
        return _to_bool
    return subcast

class Env:
    def __init__(self, *, eager=True, expand_vars=False, prefix=None):
        self.eager = eager
        self.expand_vars = expand_vars
        self._prefix = prefix
        self._parsers = {}

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def _raw(self, name, default, cast):
        key = (self._prefix or '') + name
        found = os.environ.get(key, MISSING_MARK)
        note(key, MISSING_MARK if default is Ellipsis else default, cast)
        return key, found

    def _parse(self, name, default, cast, convert, kwargs):
        key, found = self._raw(name, default, cast)
        if found is MISSING_MARK:
            if default is Ellipsis:
                if self.eager:
                    raise EnvNotSetError('Environment variable "' + key + '" not set')
                return None
            return default
        try:
            value = convert(found)
        except (ValueError, TypeError):
            if self.eager:
                raise EnvValidationError('Environment variable "' + key + '" invalid')
            return None
        validate = kwargs.get('validate')
        if validate is not None:
            for check in (validate if isinstance(validate, (_list, tuple)) else [validate]):
                check(value)
        return value

    def __call__(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, None, lambda v: v, kwargs)

    def str(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'str', lambda v: v, kwargs)

    def bool(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'bool', _to_bool, kwargs)

    def int(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'int', _int, kwargs)

    def float(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'float', _float, kwargs)

    decimal = float

    def list(self, name, default=..., subcast=None, *, delimiter=',', **kwargs):
        item = _cast(subcast)
        return self._parse(name, default, 'list', lambda v: [item(x) for x in v.split(delimiter)] if v != '' else [], kwargs)

    def dict(self, name, default=..., subcast=None, *, subcast_keys=None, subcast_values=None, delimiter=',', key_value_delimiter='=', **kwargs):
        key, val = _cast(subcast_keys), _cast(subcast_values or subcast)
        return self._parse(name, default, 'dict', lambda v: {key(a.strip()): val(b.strip()) for a, b in (x.split(key_value_delimiter, 1) for x in v.split(delimiter) if v)}, kwargs)

    def json(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'json', pyjson.loads, kwargs)

    def path(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'path', Path, kwargs)

    def url(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'url', urlparse, kwargs)

    def log_level(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'log_level', lambda v: unknown('a log level', 'int'), kwargs)

    def timedelta(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'timedelta', lambda v: unknown('a duration'), kwargs)

    datetime = date = time = timedelta
    uuid = timedelta
    enum = timedelta

    def dj_db_url(self, name, default=..., **kwargs):
        import dj_database_url
        key, found = self._raw(name, default, 'dj_db_url')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        try:
            return dj_database_url.parse(found, **kwargs)
        except Exception:
            raise EnvValidationError('Environment variable "' + key + '" invalid: Not a valid database URL.')

    def dj_email_url(self, name, default=..., **kwargs):
        from environ import Env as Other
        key, found = self._raw(name, default, 'dj_email_url')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        config = {'EMAIL_USE_TLS': unknown('a mail URL', 'bool'), 'EMAIL_USE_SSL': unknown('a mail URL', 'bool'), 'EMAIL_BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}
        config.update(Other.email_url_config(found))
        return config

    def dj_cache_url(self, name, default=..., **kwargs):
        from environ import Env as Other
        key, found = self._raw(name, default, 'dj_cache_url')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        return Other.cache_url_config(found)

    def read_env(self, path=None, *, recurse=True, override=False, return_path=False, **kwargs):
        if path is None:
            path = find_upwards(os.path.dirname(caller_file()), '.env')
        elif recurse:
            path = find_upwards(os.path.dirname(os.path.abspath(path)), os.path.basename(path)) or path
        if path:
            load_env_file(_str(path), override)
        return path if return_path else True

    def prefixed(self, prefix):
        return _Prefixed(self, prefix)

    def seal(self):
        return None

    def dump(self):
        return unknown('env.dump()', 'dict')

    def add_parser(self, name, func):
        setattr(self, name, _Parser(self, func))

    def parser_for(self, name):
        def decorator(func):
            self.add_parser(name, func)
            return func
        return decorator

class _Parser:
    def __init__(self, env, func):
        self.env = env
        self.func = func

    def __call__(self, name, default=..., **kwargs):
        key, found = self.env._raw(name, default, 'parser')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        return self.func(found, **kwargs)

class _Prefixed:
    def __init__(self, env, prefix):
        self.env = env
        env._prefix = (env._prefix or '') + prefix

    def __enter__(self):
        return self.env

FileAwareEnv = Env
env = Env()
`;

;// CONCATENATED MODULE: ./build/src/python/models/ipaddress.js
/**
 * ipaddress of Python 3.8 to 3.14 for IPv4: addresses and networks that are given as text. IPv6, other ways to make
 * one, and what versions of Python decide differently (is_private, leading zeros) are not known.
 */
const IPADDRESS = `
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

;// CONCATENATED MODULE: ./build/src/python/models/prettyconf.js
/** prettyconf 3.0, and 2 where it gives the same: `config(name, cast, default=)`, `config.boolean`, `config.list`. */
const PRETTYCONF = `
import ast, json as _json, os
from _djdeploy import caller_file, find_upwards, note, read_env_file, MISSING_MARK

_str, _list, _tuple = str, list, tuple

class InvalidConfigurationError(Exception):
    pass

class UnknownConfigurationError(KeyError):
    pass

class Boolean:
    default_values = {
        '1': True, 'true': True, 'yes': True, 'y': True, 'on': True, 't': True,
        '0': False, 'false': False, 'no': False, 'n': False, 'off': False, 'f': False,
    }
    def __init__(self, values=None):
        self.values = dict(self.default_values)
        if isinstance(values, dict):
            self.values.update(values)
    def __call__(self, value):
        try:
            return self.values[_str(value).lower()]
        except KeyError:
            raise InvalidConfigurationError('Value is not a valid boolean')

def _parse(text, delimiter):
    parts = [part.strip() for part in text.split(delimiter)]
    return parts if text and not text.endswith(delimiter) else parts[:-1]

class List:
    def __init__(self, delimiter=',', quotes='"'):
        self.delimiter = delimiter
    def __call__(self, value):
        return _list(_parse(value, self.delimiter))

class Tuple(List):
    def __call__(self, value):
        return _tuple(_parse(value, self.delimiter))

class Option:
    def __init__(self, options):
        self.options = options
    def __call__(self, value):
        try:
            return self.options[value]
        except KeyError:
            raise InvalidConfigurationError('Value is not one of the valid options')

class JSON:
    def __call__(self, value):
        if not isinstance(value, _str):
            return value
        try:
            return _json.loads(value)
        except ValueError:
            raise InvalidConfigurationError('Value is not valid JSON')

class Configuration:
    boolean = Boolean()
    list = List()
    tuple = Tuple()
    json = JSON()
    eval = staticmethod(ast.literal_eval)

    def __init__(self, loaders=None):
        self.files = None

    @staticmethod
    def option(options):
        return Option(options)

    def __call__(self, item, cast=lambda v: v, default=MISSING_MARK):
        name = item.upper()
        if self.files is None:
            found = find_upwards(os.path.dirname(caller_file()), '.env')
            self.files = read_env_file(found, 'decouple') if found else {}
        if name in os.environ:
            value = os.environ[name]
        elif name in self.files:
            value = self.files[name]
        else:
            if default is MISSING_MARK:
                note(name, MISSING_MARK, None)
                raise UnknownConfigurationError("Configuration '" + item + "' not found")
            value = default
        note(name, default, type(cast).__name__.lower())
        return cast(value)

config = Configuration()
`;

;// CONCATENATED MODULE: ./build/src/python/models/pydantic.js
/** pydantic 2 as far as settings classes use it. */
const PYDANTIC = `
from _djdeploy import unknown

class _Undefined:
    pass

UNDEFINED = _Undefined()

class FieldInfo:
    def __init__(self, default=UNDEFINED, default_factory=None, alias=None, validation_alias=None, env=None, **kwargs):
        self.default = default
        self.default_factory = default_factory
        self.alias = env or validation_alias or alias

def Field(default=UNDEFINED, **kwargs):
    if default is Ellipsis:
        default = UNDEFINED
    return FieldInfo(default, **kwargs)

class AliasChoices:
    def __init__(self, *choices):
        self.choices = choices

class SecretStr:
    def __init__(self, value):
        self._value = value
    def get_secret_value(self):
        return self._value

class ValidationError(ValueError):
    pass

def field_validator(*args, **kwargs):
    return lambda f: f

def model_validator(*args, **kwargs):
    return lambda f: f

def validator(*args, **kwargs):
    return lambda f: f

class BaseModel:
    def __init__(self, **kwargs):
        for k, v in kwargs.items():
            setattr(self, k, v)
`;
/** pydantic-settings 2: names are case-insensitive, an environment variable beats a default. */
const PYDANTIC_SETTINGS = `
import json, os
from _djdeploy import is_unknown, note, unknown, MISSING_MARK, read_env_file
from pydantic import FieldInfo, SecretStr, UNDEFINED, ValidationError

TRUE = ('1', 'true', 't', 'yes', 'y', 'on')
FALSE = ('0', 'false', 'f', 'no', 'n', 'off')

def SettingsConfigDict(**kwargs):
    return kwargs

def _convert(text, kind):
    kind = kind.replace('Optional[', '').replace('|None', '').rstrip(']') if kind.startswith('Optional') else kind.replace('|None', '').replace('|none', '')
    if kind == 'bool':
        lowered = text.lower()
        if lowered in TRUE:
            return True
        if lowered in FALSE:
            return False
        raise ValidationError('Input should be a valid boolean')
    if kind == 'int':
        return int(text)
    if kind == 'float':
        return float(text)
    if kind == 'str':
        return text
    if kind == 'SecretStr':
        return SecretStr(text)
    shape = kind.lower()
    if shape.startswith(('list', 'dict', 'tuple', 'set')):
        value = json.loads(text)
        if is_unknown(value):
            return value
        if not isinstance(value, dict if shape.startswith('dict') else list):
            raise ValidationError('Input should be a valid ' + kind)
        return tuple(value) if shape.startswith('tuple') else set(value) if shape.startswith('set') else value
    if kind == 'Path':
        from pathlib import Path
        return Path(text)
    return unknown('a value of type ' + kind)

class BaseSettings:
    def __init__(self, **given):
        cls = type(self)
        config = getattr(cls, 'model_config', None)
        old = getattr(cls, 'Config', None)
        if isinstance(config, dict):
            prefix, paths = config.get('env_prefix', ''), config.get('env_file')
        else:
            prefix, paths = getattr(old, 'env_prefix', ''), getattr(old, 'env_file', None)
        self._env_file = {}
        if paths:
            for path in paths if isinstance(paths, (list, tuple)) else [paths]:
                for k, v in read_env_file(os.path.abspath(path)).items():
                    self._env_file[k.upper()] = v
        for base in reversed(cls.__mro__):
            kinds = getattr(base, '__annotations__', {})
            for name, kind in kinds.items():
                if name == 'model_config' or kind.startswith('ClassVar'):
                    continue
                setattr(self, name, self._value(cls, name, kind, prefix, given))

    def _value(self, cls, name, kind, prefix, given):
        if name in given:
            return given[name]
        default = getattr(cls, name, UNDEFINED)
        alias = None
        if isinstance(default, FieldInfo):
            alias = default.alias
            if default.default is not UNDEFINED:
                default = default.default
            elif default.default_factory is not None:
                default = default.default_factory()
            else:
                default = UNDEFINED
        key = alias if isinstance(alias, str) else (prefix + name)
        for spelled in (key.upper(), key):
            if spelled in os.environ:
                note(spelled, MISSING_MARK if default is UNDEFINED else default, kind)
                return _convert(os.environ[spelled], kind)
            if key.upper() in self._env_file:
                return _convert(self._env_file[key.upper()], kind)
            note(spelled, MISSING_MARK if default is UNDEFINED else default, kind)
            if key.upper() == key:
                break
            break
        if default is UNDEFINED:
            raise ValidationError(name + ' Field required')
        return default
`;

;// CONCATENATED MODULE: ./build/src/python/models/small.js
/** django-split-settings 1.3: `include`, `optional`. */
const SPLIT_SETTINGS = String.raw `
import glob, os
from _djdeploy import caller_file, caller_globals, exec_file, host_file

class _Optional(str):
    pass

def optional(filename):
    return ('\0optional', filename or '')

def include(*args, scope=None, **kwargs):
    included = caller_globals().setdefault('__included_files__', [])
    start = os.path.dirname(caller_file())
    for conf_file in args:
        is_optional = isinstance(conf_file, tuple)
        if is_optional:
            conf_file = conf_file[1]
            if not conf_file:
                continue
        pattern = os.path.join(start, conf_file)
        files = sorted(glob.glob(pattern))
        if not files and not is_optional:
            raise OSError('No such file: ' + pattern)
        if not files:
            host_file(conf_file)
        for path in files:
            path = os.path.abspath(path)
            if path in included:
                continue
            included.append(path)
            exec_file(path)
`;
/** dynaconf 3: whatever its files and variables hold becomes a setting. */
const DYNACONF = `
from _djdeploy import exec_file, unknown

def DjangoDynaconf(*args, **kwargs):
    exec_file(unknown('what dynaconf reads'))
    return unknown('what dynaconf reads')

def LazySettings(*args, **kwargs):
    return unknown('what dynaconf reads')

Dynaconf = LazySettings
`;
/** python-dotenv 1. */
const DOTENV = `
import os
from _djdeploy import caller_file, load_env_file, read_host_env_file, find_upwards

def find_dotenv(filename='.env', raise_error_if_not_found=False, usecwd=False):
    return find_upwards(os.getcwd() if usecwd else os.path.dirname(caller_file()), filename)

def load_dotenv(dotenv_path=None, stream=None, verbose=False, override=False, interpolate=True, encoding='utf-8'):
    path = dotenv_path or find_dotenv()
    if path:
        load_env_file(str(path), override)
    return bool(path)

def dotenv_values(dotenv_path=None, stream=None, verbose=False, interpolate=True, encoding='utf-8'):
    return read_host_env_file(str(dotenv_path or find_dotenv() or os.path.join(os.path.dirname(caller_file()), '.env')))

def get_key(dotenv_path, key_to_get, encoding='utf-8'):
    return read_host_env_file(str(dotenv_path)).get(key_to_get)

def set_key(*args, **kwargs):
    return None
`;
/** django-heroku 0.3 and its fork django-on-heroku. */
const DJANGO_HEROKU = `
import os
import dj_database_url

def settings(config, *, db_colors=False, databases=True, test_runner=True, staticfiles=True, allowed_hosts=True, logging=True, secret_key=True):
    if databases:
        if 'DATABASES' not in config:
            config['DATABASES'] = {'default': None}
        if 'DATABASE_URL' in os.environ:
            config['DATABASES']['default'] = dj_database_url.config(conn_max_age=config.get('CONN_MAX_AGE', 600), ssl_require=True)
    if staticfiles:
        config['STATIC_ROOT'] = os.path.join(config['BASE_DIR'], 'staticfiles')
        config['STATIC_URL'] = '/static/'
        whitenoise = ['whitenoise.middleware.WhiteNoiseMiddleware']
        try:
            config['MIDDLEWARE_CLASSES'] = tuple(whitenoise + list(config['MIDDLEWARE_CLASSES']))
        except KeyError:
            config['MIDDLEWARE'] = tuple(whitenoise + list(config['MIDDLEWARE']))
        config['STATICFILES_STORAGE'] = 'whitenoise.storage.CompressedManifestStaticFilesStorage'
    if allowed_hosts:
        config['ALLOWED_HOSTS'] = ['*']
    if logging:
        config['LOGGING'] = {
            'version': 1, 'disable_existing_loggers': False,
            'formatters': {'verbose': {'format': '%(message)s'}},
            'handlers': {'null': {'level': 'DEBUG', 'class': 'logging.NullHandler'}, 'console': {'level': 'DEBUG', 'class': 'logging.StreamHandler', 'formatter': 'verbose'}},
            'loggers': {'testlogger': {'handlers': ['console'], 'level': 'INFO'}},
        }
    if secret_key:
        if 'SECRET_KEY' in os.environ:
            config['SECRET_KEY'] = os.environ['SECRET_KEY']
`;
/** distutils.util, gone from Python 3.12 and from setuptools' copy only later. */
const DISTUTILS_UTIL = `
def strtobool(val):
    val = val.lower()
    if val in ('y', 'yes', 't', 'true', 'on', '1'):
        return 1
    elif val in ('n', 'no', 'f', 'false', 'off', '0'):
        return 0
    else:
        raise ValueError("invalid truth value %r" % (val,))
`;
/** dataclasses: fields become attributes, nothing else. */
const DATACLASSES = `
class _Field:
    def __init__(self, default=None, default_factory=None):
        self.default = default
        self.default_factory = default_factory

def field(*, default=None, default_factory=None, **kwargs):
    return _Field(default, default_factory)

def _init(self, *args, **kwargs):
    names = []
    for cls in reversed(type(self).__mro__):
        for name in getattr(cls, '__annotations__', {}):
            if name not in names:
                names.append(name)
    for name in names:
        value = getattr(type(self), name, None)
        if isinstance(value, _Field):
            setattr(self, name, value.default_factory() if value.default_factory else value.default)
    for name, value in zip(names, args):
        setattr(self, name, value)
    for name, value in kwargs.items():
        setattr(self, name, value)
    if hasattr(self, '__post_init__'):
        self.__post_init__()

def dataclass(cls=None, **kwargs):
    if cls is None:
        return lambda c: dataclass(c)
    cls.__init__ = _init
    return cls

def asdict(obj):
    return {name: getattr(obj, name) for name in getattr(type(obj), '__annotations__', {})}

def replace(obj, **kwargs):
    return obj
`;

;// CONCATENATED MODULE: ./build/src/python/models/urls.js
/** dj-email-url 1: what `vars().update(dj_email_url.config())` sets, and nothing else. */
const EMAIL_URL = `
import os
import urllib.parse
from _djdeploy import is_unknown, like, note, unknown

SCHEMES = {
    'smtp': 'django.core.mail.backends.smtp.EmailBackend',
    'smtps': 'django.core.mail.backends.smtp.EmailBackend',
    'submission': 'django.core.mail.backends.smtp.EmailBackend',
    'submit': 'django.core.mail.backends.smtp.EmailBackend',
    'console': 'django.core.mail.backends.console.EmailBackend',
    'file': 'django.core.mail.backends.filebased.EmailBackend',
    'memory': 'django.core.mail.backends.locmem.EmailBackend',
    'dummy': 'django.core.mail.backends.dummy.EmailBackend',
}

def config(env='EMAIL_URL', default=None):
    s = os.environ.get(env, default)
    note(env, default, 'url')
    like(s, 'smtp://user:password@mail.example.com:25', 'dummy://')
    return parse(s) if s else {}

def parse(url):
    names = ['EMAIL_FILE_PATH', 'EMAIL_HOST_USER', 'EMAIL_HOST_PASSWORD', 'EMAIL_HOST', 'EMAIL_PORT',
             'EMAIL_USE_SSL', 'EMAIL_USE_TLS', 'EMAIL_TIMEOUT', 'EMAIL_BACKEND']
    if is_unknown(url):
        return {name: unknown('a mail URL') for name in names}
    found = urllib.parse.urlparse(url)
    conf = {name: unknown('a mail URL') for name in names}
    conf['EMAIL_HOST'] = found.hostname
    conf['EMAIL_PORT'] = found.port
    conf['EMAIL_USE_TLS'] = found.scheme in ('smtps', 'submission', 'submit') or 'tls=' in found.query
    conf['EMAIL_USE_SSL'] = 'ssl=' in found.query
    if found.scheme in SCHEMES:
        conf['EMAIL_BACKEND'] = SCHEMES[found.scheme]
    else:
        del conf['EMAIL_BACKEND']
    return conf
`;
/** django-cache-url 3: one cache's dictionary; what is in it nobody here asks. */
const CACHE_URL = `
import os
from _djdeploy import note, unknown

def config(env='CACHE_URL', default='locmem://'):
    found = os.environ.get(env, default)
    note(env, default, 'url')
    return parse(found) if found else {}

def parse(url):
    return unknown('a cache URL', 'dict')
`;

;// CONCATENATED MODULE: ./build/src/python/models/index.js












/**
 * Libraries by the name they are imported by, as Python text that our own evaluator executes: what they do with
 * names, defaults and texts, to the letter, and nothing else.
 */
const MODELS = {
    environ: DJANGO_ENVIRON,
    environ_urls: DJANGO_ENVIRON_URLS,
    configparser: CONFIGPARSER,
    ipaddress: IPADDRESS,
    dataclasses: DATACLASSES,
    decouple: DECOUPLE,
    environs: ENVIRONS,
    dotenv: DOTENV,
    dj_database_url: DATABASE_URL,
    "split_settings.tools": SPLIT_SETTINGS,
    dynaconf: DYNACONF,
    configurations: CONFIGURATIONS,
    "configurations.values": CONFIGURATION_VALUES,
    pydantic: PYDANTIC,
    pydantic_settings: PYDANTIC_SETTINGS,
    django_heroku: DJANGO_HEROKU,
    django_on_heroku: DJANGO_HEROKU,
    "distutils.util": DISTUTILS_UTIL,
    dj_email_url: EMAIL_URL,
    django_cache_url: CACHE_URL,
    prettyconf: PRETTYCONF,
    "prettyconf.casts": PRETTYCONF,
};

;// CONCATENATED MODULE: ./build/src/python/stdlib/arguments.js



/**
 * How many arguments our functions model, in the order that objects/keywords.ts gives those with names, and which names they
 * may have: `FUNCTION LEAST MOST NAME…`. Python raises for most
 * others, and gives the rest a meaning that is not modelled (`json.loads(text, object_hook=f)`).
 */
const MODELLED = `
ast.literal_eval 1 1 node_or_string
base64.b64decode 1 1
base64.b64encode 1 1
contextlib.contextmanager 1 1
copy.copy 1 1
copy.deepcopy 1 1
functools.cache 1 1
functools.lru_cache 0 2 maxsize typed
functools.reduce 2 3
functools.wraps 1 3 assigned updated
getpass.getuser 0 0
glob.glob 1 1 recursive
importlib.import_module 1 2 name package
importlib.reload 1 1
inspect.getmembers 1 1
json.load 1 1 fp
json.loads 1 1 s
logging.getLogger 0 1 name
os.access 2 2
os.cpu_count 0 0
os.fspath 1 1
os.getcwd 0 0
os.getenv 1 2 key default
os.listdir 0 1
os.path.exists 1 1 path
os.path.isdir 1 1 s
os.path.isfile 1 1 path
os.path.join 1 99
os.path.lexists 1 1
os.path.relpath 1 2
os.urandom 1 1
platform.node 0 0
platform.system 0 0
re.compile 1 2 pattern
re.escape 1 1
socket.getfqdn 0 1
socket.gethostbyname 1 1
socket.gethostname 0 0
sys.exit 0 1
sys.getdefaultencoding 0 0
tempfile.gettempdir 0 0
tempfile.mkdtemp 0 3 suffix prefix dir
textwrap.dedent 1 1
time.time 0 0
tomllib.load 1 1 fp f
tomllib.loads 1 1 s
typing.cast 2 2
uuid.uuid4 0 0
yaml.full_load 1 1 stream
yaml.load 1 2 stream Loader
yaml.safe_load 1 1 stream
`;
const TAKES = new Map(MODELLED.trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([name = "", least, most, ...names]) => [name, { least: Number(least), most: Number(most), names }]));
/** The entries of a module, where what a function is given besides leaves its answer unknown, and what it was given too. */
function withArguments(m, module, entries) {
    const path = module === "posixpath" ? "os.path" : module;
    return Object.fromEntries(Object.entries(entries).map(([entry, value]) => {
        const takes = TAKES.get(`${path}.${entry}`);
        if (!takes || value.t !== "native")
            return [entry, value];
        return [
            entry,
            values_native(value.name, (args, kwargs) => {
                const fits = args.length >= takes.least && args.length <= takes.most;
                if (fits && [...kwargs.keys()].every((name) => takes.names.includes(name)))
                    return value.call(args, kwargs);
                forget_forget(m, [...args, ...kwargs.values()], `${entry}()`);
                return gap(`the arguments of ${path}.${entry}()`);
            }),
        ];
    }));
}

;// CONCATENATED MODULE: ./build/src/python/outside/django-defaults.js

/** [major, minor] of a version text; null = unknown. */
function versionOf(text) {
    const found = /^(\d+)(?:\.(\d+))?/.exec(text ?? "");
    return found ? [Number(found[1]), Number(found[2] ?? 0)] : null;
}
/** The newest long-term version: assumed where a project does not say. */
const ASSUMED_DJANGO = "5.2";
function atLeast(version, major, minor = 0) {
    const [a, b] = versionOf(version) ?? versionOf(ASSUMED_DJANGO);
    return a > major || (a === major && b >= minor);
}
/** django/conf/global_settings.py, as far as checks and settings use it. */
function djangoDefaults(version) {
    const since = (major, minor = 0) => atLeast(version, major, minor);
    const caches = values_dict();
    const locmem = values_dict();
    locmem.scope.slots.set("BACKEND", str("django.core.cache.backends.locmem.LocMemCache"));
    caches.scope.slots.set("default", locmem);
    const values = {
        DEBUG: bool(false),
        SECRET_KEY: str(""),
        SECRET_KEY_FALLBACKS: list([]),
        ALLOWED_HOSTS: list([]),
        INTERNAL_IPS: list([]),
        ADMINS: list([]),
        MANAGERS: list([]),
        INSTALLED_APPS: list([]),
        MIDDLEWARE: list([]),
        TEMPLATES: list([]),
        DATABASES: values_dict(),
        DATABASE_ROUTERS: list([]),
        CACHES: caches,
        AUTH_PASSWORD_VALIDATORS: list([]),
        AUTH_USER_MODEL: str("auth.User"),
        APPEND_SLASH: bool(true),
        USE_TZ: bool(since(5)),
        USE_I18N: bool(true),
        TIME_ZONE: str("America/Chicago"),
        LANGUAGE_CODE: str("en-us"),
        STATIC_ROOT: NONE,
        STATIC_URL: NONE,
        STATICFILES_DIRS: list([]),
        MEDIA_ROOT: str(""),
        MEDIA_URL: str(""),
        LOCALE_PATHS: list([]),
        LOGGING: values_dict(),
        LOGGING_CONFIG: str("logging.config.dictConfig"),
        EMAIL_BACKEND: str("django.core.mail.backends.smtp.EmailBackend"),
        EMAIL_HOST: str("localhost"),
        EMAIL_PORT: num(25),
        EMAIL_HOST_USER: str(""),
        EMAIL_HOST_PASSWORD: str(""),
        EMAIL_USE_TLS: bool(false),
        EMAIL_USE_SSL: bool(false),
        SERVER_EMAIL: str("root@localhost"),
        DEFAULT_FROM_EMAIL: str("webmaster@localhost"),
        DEFAULT_AUTO_FIELD: str(since(6) ? "django.db.models.BigAutoField" : "django.db.models.AutoField"),
        SESSION_ENGINE: str("django.contrib.sessions.backends.db"),
        SESSION_COOKIE_SECURE: bool(false),
        SESSION_COOKIE_HTTPONLY: bool(true),
        SESSION_COOKIE_SAMESITE: str("Lax"),
        SESSION_COOKIE_AGE: num(1209600),
        SESSION_COOKIE_NAME: str("sessionid"),
        SESSION_COOKIE_DOMAIN: NONE,
        SESSION_COOKIE_PATH: str("/"),
        SESSION_SERIALIZER: str("django.contrib.sessions.serializers.JSONSerializer"),
        CSRF_COOKIE_SECURE: bool(false),
        CSRF_COOKIE_SAMESITE: str("Lax"),
        CSRF_COOKIE_NAME: str("csrftoken"),
        CSRF_COOKIE_DOMAIN: NONE,
        CSRF_COOKIE_PATH: str("/"),
        CSRF_USE_SESSIONS: bool(false),
        CSRF_TRUSTED_ORIGINS: list([]),
        SECURE_SSL_REDIRECT: bool(false),
        SECURE_REDIRECT_EXEMPT: list([]),
        SECURE_PROXY_SSL_HEADER: NONE,
        SECURE_HSTS_SECONDS: num(0),
        SECURE_HSTS_INCLUDE_SUBDOMAINS: bool(false),
        SECURE_HSTS_PRELOAD: bool(false),
        SECURE_CONTENT_TYPE_NOSNIFF: bool(since(3)),
        SECURE_REFERRER_POLICY: since(3, 1) ? str("same-origin") : NONE,
        SECURE_CROSS_ORIGIN_OPENER_POLICY: str("same-origin"),
        X_FRAME_OPTIONS: str(since(3) ? "DENY" : "SAMEORIGIN"),
        USE_X_FORWARDED_HOST: bool(false),
        USE_X_FORWARDED_PORT: bool(false),
        SILENCED_SYSTEM_CHECKS: list([]),
        PASSWORD_HASHERS: list(["django.contrib.auth.hashers.PBKDF2PasswordHasher"].map(str)),
        CONN_MAX_AGE: num(0),
        FILE_UPLOAD_TEMP_DIR: NONE,
        DEFAULT_CHARSET: str("utf-8"),
        LANGUAGES: list([]),
        WSGI_APPLICATION: NONE,
        ROOT_URLCONF: NONE,
    };
    return new Map(Object.entries(values));
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/django.js


const django_same = (name) => [name, values_native(name, ([v = NONE]) => v)];
/** The parts of Django that settings import; null for the rest. */
function djangoModule(m, name) {
    switch (name) {
        case "django":
            return {
                VERSION: tuple([...versionNumbers(m.djangoVersion), str("final"), num(0)]),
                get_version: values_native("get_version", () => str(m.djangoVersion)),
                __version__: str(m.djangoVersion),
            };
        case "django.core.exceptions":
            return { ImproperlyConfigured: m.exceptions.get("ImproperlyConfigured") };
        case "django.conf.global_settings":
            return Object.fromEntries(djangoDefaults(m.djangoVersion));
        case "django.utils.translation":
            return Object.fromEntries(["gettext_lazy", "gettext", "ugettext_lazy", "ugettext", "gettext_noop", "pgettext_lazy"].map(django_same));
        case "django.core.management.utils":
            return {
                get_random_secret_key: values_native("get_random_secret_key", () => unknown("get_random_secret_key()", { type: "str", truthy: true, generated: true, length: 50 })),
            };
        case "django.utils.crypto":
            return {
                get_random_string: values_native("get_random_string", ([n]) => unknown("get_random_string()", {
                    type: "str",
                    truthy: true,
                    generated: true,
                    length: n?.t === "num" ? n.v : 12,
                })),
            };
        case "django.urls":
            return {
                reverse_lazy: values_native("reverse_lazy", () => unknown("reverse_lazy()", { type: "str", truthy: true })),
            };
        case "django.contrib.messages":
        case "django.contrib.messages.constants":
            return { DEBUG: num(10), INFO: num(20), SUCCESS: num(25), WARNING: num(30), ERROR: num(40) };
        case "django.utils.log":
            return { DEFAULT_LOGGING: unknown("Django's default LOGGING", { truthy: true }) };
        case "django.utils.csp":
            return { CSP: policyWords() };
        case "django.core.checks":
            return { register: values_native("register", () => values_native("register()", ([v = NONE]) => v)), _: bool(false) };
        default:
            return null;
    }
}
/** django.utils.csp.CSP, an enumeration of texts (Django 6.0). */
function policyWords() {
    const words = "NONE REPORT_SAMPLE SELF STRICT_DYNAMIC UNSAFE_EVAL UNSAFE_HASHES UNSAFE_INLINE WASM_UNSAFE_EVAL".split(" ");
    const members = scope();
    for (const word of words)
        members.slots.set(word, str(`'${word.toLowerCase().replace(/_/g, "-")}'`));
    members.slots.set("NONCE", str("<CSP_NONCE_SENTINEL>"));
    return { t: "class", name: "CSP", bases: [], unknownBase: null, scope: members };
}
function versionNumbers(version) {
    const [a = 5, b = 2, c = 0] = version.split(".").map(Number);
    return [num(a || 0), num(b || 0), num(Number.isNaN(c) ? 0 : c)];
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/env-files.js
/** Names and values of a `.env` file as a library reads them; lines that it does not understand are left out. */
function parseEnvFile(text, style) {
    if (style === "dotenv")
        return dotenv(text);
    return text.split(/\r?\n/).flatMap((line) => (style === "environ" ? environ(line) : decouple(line)));
}
/** django-environ 0.14: no blanks round `=`, comments are part of the value. */
function environ(line) {
    const [, name, raw = ""] = /^(?:export )?([A-Za-z_0-9]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined)
        return [];
    const double = /^"(.*)"$/.exec(/^'(.*)'$/.exec(raw)?.[1] ?? raw)?.[1];
    const value = double?.replace(/\\(.)/g, (all, c) => (/[rnt]/.test(c) ? all : c));
    return [[name, value ?? /^'(.*)'$/.exec(raw)?.[1] ?? raw]];
}
/** python-decouple 3.8: blanks are stripped, comments only count at the start of a line. */
function decouple(line) {
    const own = line.trim();
    const cut = own.indexOf("=");
    if (own.startsWith("#") || cut < 0)
        return [];
    const value = own.slice(cut + 1).trim();
    return [[own.slice(0, cut).trim(), /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value]];
}
const ESCAPES = {
    a: "\x07",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
    v: "\v",
};
/** python-dotenv 1: quoted values may go over lines, ` #` starts a comment, `${NAME:-default}` is put in. */
function dotenv(text) {
    const entry = /^[^\S\n]*(?:export[^\S\n]+)?(?:'([^']+)'|([^=#\s]+))[^\S\n]*=([^\S\n]*)(?:(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")[^\S\n]*(?:#[^\n]*)?|(?![^\S\n]*['"])([^\n]*))$/gmu;
    const found = [];
    const known = new Map();
    for (const [, quoted, plain, gap = "", single, double, rest = ""] of text
        .replace(/\r\n?/g, "\n")
        .matchAll(entry)) {
        const name = quoted ?? plain ?? "";
        const comment = gap !== "" && rest.startsWith("#");
        const raw = single?.replace(/\\([\\'])/g, "$1") ??
            double?.replace(/\\([\\'"abfnrtv])/g, (_all, c) => ESCAPES[c] ?? c) ??
            (comment ? "" : rest.replace(/\s+#.*/, "").trimEnd());
        const value = raw.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_all, other, otherwise = "") => known.get(other) ?? otherwise);
        known.set(name, value);
        found.push([name, value]);
    }
    return found;
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/ini.js




/** What Python's strip() and JavaScript's trim() disagree about, and what versions of Python do. */
const divided = (text) => /[\u0085\u2028\u2029\ufeff]|\r(?!\n)/.test(text) || /[^\P{Cc}\t\n\r]/u.test(text);
/**
 * The rows of an ini file as configparser reads it with its own delimiters and comments (CPython 3.8 to 3.14,
 * Lib/configparser.py, `_read`). Null for what these versions read differently.
 */
function iniRows(text, allowNoValue) {
    if (divided(text))
        return null;
    const rows = [];
    let open = null;
    let headed = false;
    let indent = 0;
    const close = () => {
        if (open)
            rows.push({ kind: "option", name: open.name, value: open.parts?.join("\n").trimEnd() ?? null });
        open = null;
    };
    let unreadable = false;
    for (const line of text.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n")) {
        const value = line.trim();
        if (/^[#;]/.test(value))
            continue;
        const current = open;
        if (value === "") {
            current?.parts?.push("");
            continue;
        }
        const own = line.search(/\S/);
        if (headed && current && own > indent) {
            // An option without a value that goes on: an AttributeError of older Pythons.
            if (!current.parts)
                return null;
            current.parts.push(value);
            continue;
        }
        indent = own;
        if (/^\[.+\]/.test(value)) {
            // `[a]b]`: older Pythons end the name at the first bracket.
            if (value.indexOf("]") !== value.lastIndexOf("]"))
                return null;
            close();
            headed = true;
            rows.push({ kind: "section", name: value.slice(1, value.indexOf("]")) });
        }
        else if (!headed)
            return [{ kind: "headless" }];
        else {
            close();
            const option = /^(.*?)\s*(?:[=:]\s*(.*))?$/.exec(value);
            const [, name = "", given] = option ?? [];
            // Python goes on to read, and refuses at the end.
            if (name === "")
                return null;
            if (!option || (given === undefined && !allowNoValue))
                unreadable = true;
            else
                open = { name: name.trimEnd(), parts: given === undefined ? null : [given.trim()] };
        }
    }
    close();
    return unreadable ? [...rows, { kind: "unreadable" }] : rows;
}
/** What the model of configparser asks: `from _djdeploy import ini_files, ini_text, ini_rows`. */
function iniHooks(m) {
    const asked = (path) => (path.t === "str" || path.t === "path" ? path.v : "a file");
    return {
        // ini_files(filenames): one path as a list of it.
        ini_files: ([v = NONE]) => pure(m, [v], ([o]) => (o?.t === "str" || o?.t === "path" ? list([o], m.pc) : o)),
        // ini_text(path): the text of a file of the repository; what another holds, and whether it is there, is not known.
        ini_text: ([v = NONE]) => pure(m, [v], ([o]) => {
            const path = o;
            const own = path.t === "str" || path.t === "path" ? inTree(m, path.v) : null;
            const there = own !== null && inRepository(m, asked(path)) === "file";
            const text = there ? m.tree.read(own) : null;
            return text === null ? unknown(`${asked(path)} is not in the repository`) : str(text);
        }),
        ini_rows: ([v = NONE, allowNoValue]) => pure(m, [v, allowNoValue ?? NONE], ([o, allow]) => {
            if (o?.t !== "str")
                return unknown(o?.t === "unknown" ? o.reason : "what configparser reads");
            if (allow?.t !== "bool")
                return unknown("what configparser reads");
            const rows = iniRows(o.v, allow.v);
            if (!rows)
                return gap("a file that Pythons read differently");
            return list(rows.map((row) => row.kind === "section" || row.kind === "option"
                ? tuple([
                    str(row.kind),
                    str(row.name),
                    row.kind === "option" && row.value !== null ? str(row.value) : NONE,
                ])
                : tuple([str(row.kind), NONE, NONE])), m.pc);
        }),
    };
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/hooks.js















/** What models of libraries need from the evaluator: `from _djdeploy import …`. */
function hooks(m) {
    return {
        ...Object.fromEntries(Object.entries(iniHooks(m)).map(([name, call]) => [name, values_native(name, call)])),
        // note(name, default, cast): how a variable that was just read is used.
        note: values_native("note", ([name, fallback, cast]) => {
            for (let i = m.reads.length - 1; i >= 0 && i >= m.reads.length - 4; i--) {
                const r = m.reads[i];
                if (r && name?.t === "str" && r.name === name.v) {
                    r.default =
                        !fallback || (fallback.t === "native" && fallback.name === "MISSING_MARK")
                            ? null
                            : defaultText(fallback);
                    r.cast = cast?.t === "str" ? cast.v : r.cast;
                }
            }
            return NONE;
        }),
        // like(value, example, other): try these texts for the variable the value comes from.
        like: values_native("like", ([v = NONE, example = NONE, other = NONE]) => {
            if (example.t === "str" && other.t === "str")
                like(m, v, [example.v, other.v]);
            return NONE;
        }),
        unknown: values_native("unknown", ([reason, type]) => unknown(reason?.t === "str" ? reason.v : "a library", type?.t === "str" ? { type: type.v } : {})),
        is_unknown: values_native("is_unknown", ([v = NONE]) => toCondition(narrow(m, v), (o) => o.t === "unknown")),
        // Stands for "no default given" in calls of note().
        MISSING_MARK: values_native("MISSING_MARK", () => NONE),
        caller_globals: values_native("caller_globals", () => namespaceDict((m.callers.at(-1) ?? m.frame).module.scope)),
        caller_file: values_native("caller_file", () => {
            const file = (m.callers.at(-1) ?? m.frame).module.scope.slots.get("__file__");
            return file ?? str("");
        }),
        exec_file: values_native("exec_file", ([path = NONE]) => {
            const { module } = m.callers.at(-1) ?? m.frame;
            each(m, path, (p) => {
                const own = p.t === "str" ? inTree(m, p.v) : null;
                if (own !== null)
                    m.core.executeFile(m, module, own);
                else if (p.t === "unknown")
                    forgetScope(m, module.scope, p.reason);
                return NONE;
            });
            return NONE;
        }),
        // host_file(path): a file of settings that git does not have, if anybody does.
        host_file: values_native("host_file", ([path = NONE]) => {
            const { frame } = m;
            m.frame = m.callers.at(-1) ?? frame;
            hostMaySet(m, path.t === "str" ? path.v : "a file");
            m.frame = frame;
            return NONE;
        }),
        find_upwards: values_native("find_upwards", ([start = NONE, name = NONE]) => {
            if (start.t !== "str" || name.t !== "str")
                return str("");
            for (let folder = start.v; folder.length > 1; folder = dirName(folder)) {
                const path = joinPath(folder, name.v);
                if (inRepository(m, path) === "file")
                    return str(path);
            }
            return str("");
        }),
        read_env_file: values_native("read_env_file", ([path = NONE, style]) => {
            const d = values_dict(m.pc);
            for (const [k, v] of envFile(m, path, style))
                d.scope.slots.set(k, str(v));
            return d;
        }),
        // The same of a file that only the host may have: what it holds is not known then.
        read_host_env_file: values_native("read_host_env_file", ([path = NONE, style]) => {
            const d = values_dict(m.pc);
            const own = path.t === "str" ? inTree(m, path.v) : null;
            if (own === null || m.tree.read(own) === null)
                d.open = unknown(`what ${path.t === "str" && path.v ? path.v : "a file"} holds on the host`);
            for (const [k, v] of envFile(m, path, style))
                d.scope.slots.set(k, str(v));
            return d;
        }),
        load_env_file: values_native("load_env_file", ([path = NONE, override, style]) => {
            for (const [k, v] of envFile(m, path, style)) {
                const before = readEnv(m, k);
                const keep = override?.t === "bool" && override.v
                    ? str(v)
                    : ite(toCondition(before, (o) => o.t === "missing"), str(v), before);
                writeEnv(m, k, keep);
            }
            return NONE;
        }),
        split_list: values_native("split_list", ([v = NONE, by = str(",")]) => pure(m, [v, by], ([o, d]) => {
            if (o?.t === "unknown")
                return unknown(o.reason, { type: "list" });
            if (o?.t !== "str" || d?.t !== "str")
                return raiseProven(m, o ? lacksAttribute(o, "read") : null, "AttributeError", "object has no attribute 'read'");
            const parts = shellWords(o.v, d.v);
            return list(parts.map(str), m.pc);
        })),
    };
}
/** The names and values of a tracked .env file. */
function envFile(m, path, style) {
    const own = path.t === "str" ? inTree(m, path.v) : null;
    const text = own === null ? null : m.tree.read(own);
    if (text === null) {
        if (path.t === "str" && path.v)
            note(m, "absent-file", path.v);
        return [];
    }
    return parseEnvFile(text, style?.t === "str" ? style.v : "dotenv");
}
/** What shlex makes of a text that only the delimiters cut: quotes go, parts without a character do too. */
function shellWords(text, delimiters) {
    const parts = [];
    let part = null;
    let quote = "";
    for (const c of text) {
        if (quote) {
            if (c === quote)
                quote = "";
            else
                part += c;
        }
        else if (c === '"' || c === "'") {
            quote = c;
            part ??= "";
        }
        else if (delimiters.includes(c)) {
            if (part !== null)
                parts.push(part);
            part = null;
        }
        else
            part = (part ?? "") + c;
    }
    return part === null ? parts : [...parts, part];
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/collections.js





function kindOf(name, construct) {
    return { t: "class", name, bases: [], unknownBase: null, scope: scope(), construct };
}
function kindOfDict(m, kind, args, kwargs) {
    const made = callValue(m, m.builtins.get("dict"), args, kwargs);
    return made.t === "dict" ? { ...made, kind } : gap(kind);
}
/** `collections` and `itertools`. */
const COLLECTIONS = {
    itertools: (m) => ({
        chain: fn("chain", (args) => {
            const sum = m.builtins.get("sum");
            const asList = m.builtins.get("list");
            const made = callValue(m, sum, [list(args.map((a) => callValue(m, asList, [a]))), list([], m.pc)]);
            return made.t === "list" ? { ...made, kind: "chain", once: true } : gap("itertools.chain()");
        }),
    }),
    collections: (m) => ({
        OrderedDict: kindOf("OrderedDict", (args, kwargs) => kindOfDict(m, "OrderedDict", args, kwargs)),
        defaultdict: kindOf("defaultdict", ([factory = NONE, ...args], kwargs) => {
            if (!/^(none|func|native|bound|class|unknown)$/.test(factory.t))
                return gap("a defaultdict");
            return { ...kindOfDict(m, "defaultdict", args, kwargs), ...(factory.t === "none" ? {} : { factory }) };
        }),
        namedtuple: fn("namedtuple", () => gap("a namedtuple")),
        ChainMap: fn("ChainMap", () => gap("a ChainMap")),
        deque: kindOf("deque", ([items = tuple([]), ...more], kwargs) => more.length + kwargs.size > 0
            ? gap("a deque of limited length")
            : { ...list([], m.pc), content: itemsOrRaise(m, items), kind: "deque" }),
    }),
};

;// CONCATENATED MODULE: ./build/src/python/stdlib/objects.js









/** What Python and Django load of their own is there unseen. */
const notLoaded = (name) => /^django\b/.test(name) || isStandard(name.split(".")[0])
    ? unknown(`sys.modules["${name}"]`)
    : MISSING;
/** sys.modules: the modules that have been loaded so far. */
function sysModules(m) {
    const find = (name) => name.t === "str"
        ? (m.modules.get(name.v)?.module ?? notLoaded(name.v))
        : unknown("a module whose name is not known");
    const cls = { t: "class", name: "dict", bases: [], unknownBase: null, scope: scope() };
    const method = (name, call) => {
        cls.scope.slots.set(name, fn(name, call));
    };
    method("__getitem__", ([name = NONE]) => {
        const found = find(name);
        return found.t === "missing" ? raise(m, "KeyError", "no such module") : found;
    });
    method("get", ([name = NONE, other = NONE]) => {
        const found = find(name);
        return found.t === "missing" ? other : found;
    });
    method("pop", ([name = NONE, ...other]) => {
        const found = find(name);
        if (found.t !== "missing")
            return found;
        return other[0] ?? raise(m, "KeyError", "no such module");
    });
    method("__contains__", ([name = NONE]) => {
        const found = find(name);
        return found.t === "unknown" ? found : bool(found.t !== "missing");
    });
    return { t: "instance", cls, scope: scope(), id: nextId() };
}
/** `inspect.getmembers(object)`. */
function members(m, o) {
    const dir = m.builtins.get("dir");
    const names = callValue(m, dir, [o]);
    if (names.t !== "list" || names.content.t !== "tuple")
        return unknown("inspect.getmembers()");
    return list(names.content.items.map((n) => tuple([n, n.t === "str" ? m.core.getAttribute(m, o, n.v, NONE) : NONE])), m.pc);
}
function made(cls, slots) {
    const self = { t: "instance", cls, scope: scope(), id: nextId() };
    for (const [k, v] of Object.entries(slots))
        self.scope.slots.set(k, v);
    return self;
}
function timedelta(m) {
    const cls = { t: "class", name: "timedelta", bases: [], unknownBase: null, scope: scope() };
    const SECONDS = [86400, 1, 1e-6, 1e-3, 60, 3600, 604800];
    const NAMES = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
    cls.construct = (args, kwargs) => {
        const parts = NAMES.map((n, i) => args[i] ?? kwargs.get(n) ?? num(0));
        const total = pure(m, parts, (found) => {
            let sum = 0;
            for (const [i, o] of found.entries()) {
                if (o.t === "unknown")
                    return unknown(o.reason, { type: "float", ...(o.from ? { from: o.from } : {}) });
                if (o.t !== "num" && o.t !== "bool")
                    return raiseProven(m, isNone(o, "int", "float"), "TypeError", "unsupported type for timedelta component");
                sum += Number(o.v) * SECONDS[i];
            }
            return num(sum, true);
        });
        return made(cls, {
            _total: total,
            total_seconds: fn("total_seconds", () => total),
            seconds: pure(m, [total], ([o]) => o?.t === "num" ? num(Math.floor(o.v) - Math.floor(o.v / 86400) * 86400) : gap("seconds")),
            days: pure(m, [total], ([o]) => (o?.t === "num" ? num(Math.floor(o.v / 86400)) : gap("days"))),
        });
    };
    return cls;
}
function partial() {
    const cls = { t: "class", name: "partial", bases: [], unknownBase: null, scope: scope() };
    cls.construct = ([func = NONE, ...args], kwargs) => {
        if (!/^(func|native|bound|class|instance)$/.test(func.t))
            return gap("functools.partial()");
        const named = values_dict();
        for (const [k, v] of kwargs)
            named.scope.slots.set(k, v);
        return made(cls, { func, args: tuple(args), kwargs: named });
    };
    return cls;
}
function propertyLike(m) {
    const property = m.builtins.get("property");
    return fn("cached_property", (args) => property.construct?.(args, new Map()) ?? NONE);
}
function reduce(m, f, items, start) {
    const asList = callValue(m, m.builtins.get("list"), [items]);
    if (asList.t !== "list" || asList.content.t !== "tuple")
        return gap("reduce()");
    const all = [...(start ? [start] : []), ...asList.content.items];
    const [first, ...rest] = all;
    if (first === undefined || all.some((x) => x.t === "unknown" && x.splat))
        return gap("reduce()");
    let sum = first;
    for (const x of rest)
        sum = callValue(m, f, [sum, x]);
    return sum;
}
function copied(m, v, deep) {
    return each(m, v, (o) => {
        spend();
        const inner = (x) => (deep ? copied(m, x, true) : x);
        if (o.t === "list" && o.once)
            return gap("a copy of an iterator");
        if (o.t === "list" || o.t === "set")
            return {
                ...o,
                id: nextId(),
                born: m.pc,
                content: o.content.t === "tuple" ? tuple(o.content.items.map(inner)) : o.content,
            };
        if (o.t === "dict") {
            const { scope: fresh, id } = values_dict(m.pc);
            const d = { ...o, scope: fresh, id };
            for (const [k, x] of o.scope.slots)
                d.scope.slots.set(k, inner(x));
            return d;
        }
        if (o.t === "instance")
            return copiedInstance(m, o, inner);
        if (o.t === "tuple" && deep)
            return { ...o, items: o.items.map(inner) };
        return o;
    });
}
function copiedInstance(m, o, inner) {
    if (!o.cls.scope.places || o.cls.modelled)
        return gap(`a copy of a ${o.cls.name}`);
    const made = { ...o, scope: scope(m.pc), id: nextId() };
    for (const [k, v] of o.scope.slots)
        made.scope.slots.set(k, inner(v));
    return made;
}
/** `ast.literal_eval(text)`. */
function literal(m, v) {
    return each(m, v, (o) => {
        if (o.t !== "str")
            return gap(o.t === "unknown" ? o.reason : "literal_eval()", o.t === "unknown" && o.from ? { from: o.from } : {});
        if (/[\n\\#]/.test(o.v))
            return gap("literal_eval() of several lines");
        const parsed = parseModule(o.v.replace(/^[ \t]+/, "").trimEnd());
        const node = parsed.body[0];
        if (parsed.problems.length > 0 || node?.nodeType !== "Expr")
            return raise(m, "SyntaxError", "invalid syntax");
        if (parsed.body.length !== 1)
            return raise(m, "SyntaxError", "invalid syntax");
        if (!isLiteral(node.value))
            return raise(m, "ValueError", "malformed node or string");
        return attempt(m, () => m.core.evaluate(m, node.value));
    });
}
function isLiteral(node) {
    if (typeof node !== "object" || node === null)
        return true;
    if (Array.isArray(node))
        return node.every(isLiteral);
    const { nodeType } = node;
    if (nodeType && !/^(Constant|List|Tuple|Dict|Set|UnaryOp|USub|UAdd|Load|BinOp|Add|Sub)$/.test(nodeType))
        return false;
    return Object.values(node).every(isLiteral);
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/random.js



const generated = (name, length) => [
    name,
    fn(name, ([n]) => unknown(`${name}()`, {
        type: "str",
        truthy: true,
        generated: true,
        length: length(n?.t === "num" ? n.v : 32),
    })),
];
/** One of a text's characters; of other sequences one element that nobody knows. */
const randomChoice = (name) => fn("choice", ([of]) => of?.t === "str" && of.v !== ""
    ? unknown(`${name}.choice()`, { type: "str", truthy: true, generated: true, length: 1 })
    : unknown(`${name}.choice()`));
/** `secrets` and `random`: what they give is another at each start. */
const RANDOM = {
    secrets: () => Object.fromEntries([
        generated("token_urlsafe", (n) => Math.ceil((n * 4) / 3)),
        generated("token_hex", (n) => n * 2),
        [
            "token_bytes",
            fn("token_bytes", () => unknown("token_bytes()", { type: "bytes", truthy: true, generated: true })),
        ],
        ["choice", randomChoice("secrets")],
    ]),
    random: () => ({
        SystemRandom: fn("SystemRandom", () => {
            const cls = { t: "class", name: "SystemRandom", bases: [], unknownBase: null, scope: scope() };
            return made(cls, {
                choice: randomChoice("random"),
                choices: fn("choices", () => unknown("random.choices()", { type: "list", generated: true })),
            });
        }),
        choice: randomChoice("random"),
        choices: fn("choices", () => unknown("random.choices()", { type: "list", generated: true })),
    }),
};

;// CONCATENATED MODULE: ./build/src/python/stdlib/regex.js




/** A Python pattern as JavaScript's; null where they differ too much. */
function toRule(pattern, flags) {
    // What both understand, and differently: `{,3}`, comments, and escapes that only one has.
    if (/\{,|\(\?[^:P=!<]|\\(?![dDwWsSbBnrtfvAZ\d.*+?^${}()|[\]\\/\-,:;@#&=%"'<> ])/.test(pattern.replace(/^\(\?[aimsu]+\)/, "")))
        return null;
    const source = pattern
        .replace(/\(\?P<(\w+)>/g, "(?<$1>")
        .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
        .replace(/\\A/g, "^")
        .replace(/\\Z/g, "$(?![\\s\\S])");
    let own = flags & 2 ? "i" : "";
    if (flags & 8)
        own += "m";
    if (flags & 16)
        own += "s";
    const inline = /^\(\?([aimsux]+)\)/.exec(source);
    if (inline?.[1]?.includes("i") && !own.includes("i"))
        own += "i";
    if (flags & 64 || source.length > 500)
        return null;
    return { source: inline ? source.slice(inline[0].length) : source, flags: own };
}
const regex_notFollowed = () => gap("a regular expression");
/** Where a pattern matches an empty text, the two differ in what they do between characters. */
const matchesNothing = (m, rule) => /\\[bB]|\(\?<?[=!]|\^|\$/.test(rule.source) ||
    (askPattern(m, { ...rule, text: "", act: "first" })?.answer ?? null) !== null;
const first = (at) => (rule, text, m) => {
    const found = askPattern(m, { ...rule, at, text, act: "first" });
    return found ? matchObject(found.answer) : regex_notFollowed();
};
function reModule(m) {
    const run = (pattern, text, flags, how) => pure(m, [pattern, text, flags ?? num(0)], ([p, t, f]) => {
        const rule = p?.t === "str" && t?.t === "str" ? toRule(p.v, f?.t === "num" ? f.v : 0) : null;
        if (!rule || t?.t !== "str" || t.v.length > 20_000)
            return regex_notFollowed();
        // `$` matches before a last line end too, and classes of characters reach beyond ASCII.
        if (/\P{ASCII}/u.test(t.v + rule.source) || (/\n$/.test(t.v) && rule.source.includes("$")))
            return regex_notFollowed();
        return how(rule, t.v, m);
    });
    const method = (how, at = 0, most = 3) => (args, kwargs) => {
        const named = [...kwargs.keys()].filter((k) => !/^(flags|pattern|string|repl)$/.test(k));
        if (named.length > 0 || args.length < 2 + at || args.length > most + at)
            return gap("the arguments of a regular expression");
        return run(args[0] ?? NONE, args[1 + at] ?? NONE, kwargs.get("flags") ?? args[2 + at], how(args));
    };
    const found = {
        search: { how: () => first() },
        match: { how: () => first("start") },
        fullmatch: { how: () => first("ends") },
        split: {
            most: 2,
            how: () => (rule, text) => {
                if (matchesNothing(m, rule))
                    return gap("re.split()");
                const parts = askPattern(m, { ...rule, text, act: "split" });
                return parts ? list(parts.answer.map((x) => (x === null ? NONE : str(x)))) : regex_notFollowed();
            },
        },
        findall: {
            how: () => (rule, text) => {
                const all = askPattern(m, { ...rule, flags: `${rule.flags}g`, text, act: "all" });
                if (!all)
                    return regex_notFollowed();
                return list(all.answer.map(({ texts: [whole, ...groups] }) => groups.length > 1
                    ? tuple(groups.map((g) => str(g ?? "")))
                    : str(groups.length === 1 ? (groups[0] ?? "") : whole)));
            },
        },
        sub: {
            at: 1,
            most: 2,
            how: (args) => (rule, text) => {
                const by = args[1];
                if (by?.t !== "str" ||
                    matchesNothing(m, rule) ||
                    /\\(?![1-9](?!\d)|g<\w+>)/.test(by.v) ||
                    /\\g<0/.test(by.v))
                    return gap("re.sub()", { type: "str" });
                const written = by.v
                    .replace(/\$/g, "$$$$")
                    .replace(/\\(\d)|\\g<(\w+)>/g, (_x, a, b) => `$${a ?? (/^\d+$/.test(b) ? b : `<${b}>`)}`);
                const made = askPattern(m, { ...rule, flags: `${rule.flags}g`, text, act: "replace", by: written });
                return made ? str(made.answer) : gap("re.sub()", { type: "str" });
            },
        },
    };
    const all = Object.fromEntries(Object.entries(found).map(([name, { how, at, most }]) => [
        name,
        values_native(name, method(how, at ?? 0, most ?? 3)),
    ]));
    all.compile = values_native("compile", ([pattern = NONE, flags]) => {
        const self = unknown("a compiled regular expression", { truthy: true });
        if (pattern.t !== "str")
            return self;
        return { t: "module", name: "re.Pattern", file: null, external: true, scope: compiled(pattern, flags) };
    });
    const compiled = (pattern, flags) => ({
        born: { t: "bool", v: true },
        places: null,
        slots: new Map([
            ...Object.entries(found).map(([name, { how, at }]) => [
                name,
                values_native(name, (args, kwargs) => kwargs.size > 0
                    ? gap(`a pattern's ${name}`)
                    : method(how, at ?? 0, 2)([pattern, ...args], flags ? new Map([["flags", flags]]) : new Map())),
            ]),
            ["pattern", pattern],
        ]),
    });
    return {
        ...all,
        IGNORECASE: num(2),
        I: num(2),
        MULTILINE: num(8),
        M: num(8),
        DOTALL: num(16),
        S: num(16),
        VERBOSE: num(64),
        X: num(64),
        escape: values_native("escape", ([v = NONE]) => pure(m, [v], ([o]) => o?.t === "str" && !/\P{ASCII}/u.test(o.v)
            ? str(o.v.replace(/[.*+?^${}()|[\]\\\-#&~\t\n\v\f\r ]/g, "\\$&"))
            : gap("re.escape()", { type: "str" }))),
    };
}
/** What a match gives: group, groups, groupdict. */
function matchObject(found) {
    if (!found)
        return NONE;
    const group = (k) => {
        const text = k === undefined || k.t === "num"
            ? found.texts[k?.t === "num" ? k.v : 0]
            : k.t === "str"
                ? found.groups[k.v]
                : undefined;
        const there = k === undefined ||
            (k.t === "num" && k.v < found.texts.length && k.v >= 0) ||
            (k.t === "str" && k.v in found.groups);
        if (!there)
            return gap("a group of a match");
        return typeof text === "string" ? str(text) : NONE;
    };
    const slots = new Map([
        ["group", values_native("group", (args) => (args.length > 1 ? tuple(args.map(group)) : group(args[0])))],
        [
            "groups",
            values_native("groups", (args) => args.length > 0
                ? gap("groups()")
                : tuple(found.texts.slice(1).map((g) => (g === null ? NONE : str(g))))),
        ],
        ["start", values_native("start", (args) => (args.length > 0 ? gap("start()") : num(found.index)))],
        [
            "end",
            values_native("end", (args) => (args.length > 0 ? gap("end()") : num(found.index + found.texts[0].length))),
        ],
        [
            "groupdict",
            values_native("groupdict", () => {
                const d = new Map();
                for (const [k, v] of Object.entries(found.groups))
                    d.set(k, v === null ? NONE : str(v));
                return {
                    t: "dict",
                    scope: { slots: d, born: { t: "bool", v: true }, places: null },
                    open: null,
                    id: 0,
                };
            }),
        ],
        ["__getitem__", values_native("__getitem__", ([k]) => group(k))],
    ]);
    return {
        t: "instance",
        id: 0,
        scope: { slots, born: { t: "bool", v: true }, places: null },
        cls: {
            t: "class",
            name: "Match",
            bases: [],
            unknownBase: null,
            scope: { slots, born: { t: "bool", v: true }, places: null },
        },
    };
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/resource.js


/** The limits of Linux, by their number (asm-generic/resource.h). */
const LIMITS = [
    "CPU",
    "FSIZE",
    "DATA",
    "STACK",
    "CORE",
    "RSS",
    "NPROC",
    "NOFILE",
    "MEMLOCK",
    "AS",
    "",
    "SIGPENDING",
    "MSGQUEUE",
    "NICE",
    "RTPRIO",
    "RTTIME",
];
/** `resource`: what the limits of the host are is not known, nor whether it lets them be changed. */
function resourceModule() {
    const limits = LIMITS.flatMap((name, i) => (name ? [[`RLIMIT_${name}`, num(i)]] : []));
    const some = () => unknown("a limit of the host", { type: "int" });
    return {
        ...Object.fromEntries(limits),
        RLIMIT_OFILE: num(LIMITS.indexOf("NOFILE")),
        RLIM_INFINITY: num(-1),
        RUSAGE_SELF: num(0),
        RUSAGE_CHILDREN: num(-1),
        RUSAGE_THREAD: num(1),
        getrlimit: values_native("getrlimit", ([limit = NONE]) => limit.t === "num" && LIMITS[limit.v] ? tuple([some(), some()]) : gap("getrlimit()")),
        setrlimit: values_native("setrlimit", () => gap("whether the host lets its limits be changed")),
        getrusage: values_native("getrusage", () => gap("getrusage()")),
        getpagesize: values_native("getpagesize", () => unknown("the size of a page", { type: "int", truthy: true })),
    };
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/urls.js



/** urllib.parse.urlsplit of a text. */
function splitUrl(url) {
    let rest = url.replace(/^[\0-\x20]+/, "").replace(/[\t\r\n]/g, "");
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(rest);
    if (scheme)
        rest = rest.slice(scheme[0].length);
    let netloc = "";
    if (rest.startsWith("//")) {
        const end = /[/?#]/.exec(rest.slice(2));
        netloc = end ? rest.slice(2, 2 + end.index) : rest.slice(2);
        rest = rest.slice(2 + netloc.length);
    }
    const hash = rest.indexOf("#");
    const fragment = hash >= 0 ? rest.slice(hash + 1) : "";
    if (hash >= 0)
        rest = rest.slice(0, hash);
    const mark = rest.indexOf("?");
    const query = mark >= 0 ? rest.slice(mark + 1) : "";
    if (mark >= 0)
        rest = rest.slice(0, mark);
    const at = netloc.lastIndexOf("@");
    const user = at >= 0 ? netloc.slice(0, at) : null;
    const host = netloc.slice(at + 1);
    const colon = user?.indexOf(":") ?? -1;
    const address = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(host);
    const port = address?.[2];
    return {
        scheme: scheme?.[1]?.toLowerCase() ?? "",
        netloc,
        path: rest,
        query,
        fragment,
        username: user === null ? null : colon < 0 ? user : user.slice(0, colon),
        password: user === null || colon < 0 ? null : user.slice(colon + 1),
        hostname: address?.[1] ? address[1].replace(/^\[|\]$/g, "").toLowerCase() : null,
        port: port ? (/^\d+$/.test(port) && Number(port) < 65536 ? Number(port) : port) : null,
    };
}
function urlModule(m) {
    const onText = (name, make) => [
        name,
        values_native(name, ([v = NONE, ...more], kwargs) => pure(m, [v], ([o]) => {
            if (more.length > 0 || kwargs.size > (kwargs.has("url") ? 1 : 0))
                return gap(`the arguments of ${name}()`);
            if (o?.t === "str")
                return make(o.v);
            if (o?.t === "unknown")
                return gap(o.reason, o.from ? { from: o.from } : {});
            return o?.t === "none" && /^url(parse|split)$/.test(name)
                ? inEmptyBytes(make(""))
                : gap(`${name}() of no text`);
        })),
    ];
    return {
        ...Object.fromEntries([
            onText("urlparse", (text) => parsed(m, text, "ParseResult")),
            onText("urlsplit", (text) => parsed(m, text, "SplitResult")),
            onText("quote", (text) => str(urls_quoted(text, /[\w.~/-]/))),
            onText("quote_plus", (text) => str(urls_quoted(text, /[\w.~ -]/).replace(/ /g, "+"))),
            onText("unquote", (text) => str(urls_decoded(text))),
            onText("unquote_plus", (text) => str(urls_decoded(text.replace(/\+/g, " ")))),
            onText("parse_qs", (text) => query(m, text)),
        ]),
        urljoin: values_native("urljoin", ([a = NONE, b = NONE]) => pure(m, [a, b], ([x, y]) => x?.t === "str" && y?.t === "str"
            ? str(joinUrl(x.v, y.v))
            : gap("urljoin()", { type: "str", truthy: true }))),
        urlencode: values_native("urlencode", () => gap("urlencode()", { type: "str" })),
    };
}
/** What `urlparse(None)` gives: its parts are bytes. */
function inEmptyBytes(v) {
    if (v.t !== "instance")
        return v;
    for (const [k, part] of v.scope.slots)
        if (part.t === "str")
            v.scope.slots.set(k, { t: "bytes", v: "" });
    v.scope.slots.delete("\0items");
    return v;
}
/** Joins plain addresses and paths; anything else follows rules that are not here. */
function joinUrl(base, path) {
    const [, origin, folder] = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)((?:\/[\w~-][\w.~-]*)*\/?)$/.exec(base) ?? [];
    if (origin === undefined || folder === undefined || !/^\/?[\w~-][\w.~-]*(\/[\w~-][\w.~-]*)*\/?$/.test(path))
        return gap("urljoin()", { type: "str", truthy: true });
    return path.startsWith("/") ? origin + path : `${origin}${folder.replace(/[^/]*$/, "") || "/"}${path}`;
}
function urls_quoted(text, safe) {
    if (/[\ud800-\udfff]/.test(text))
        return gap("quote()", { type: "str" });
    return [...text]
        .map((c) => safe.test(c) && c < "\x7f"
        ? c
        : [...Buffer.from(c, "utf8")]
            .map((b) => `%${b.toString(16).toUpperCase().padStart(2, "0")}`)
            .join(""))
        .join("");
}
const urls_decoded = (text) => text.replace(/(?:%[0-9a-fA-F]{2})+/g, (coded) => Buffer.from(coded.replace(/%/g, ""), "hex").toString("utf8"));
function query(m, text) {
    if (/%|;/.test(text))
        return gap("parse_qs()", { type: "dict" });
    const d = values_dict(m.pc);
    for (const [k, v] of new URLSearchParams(text)) {
        if (v === "")
            continue;
        const old = d.scope.slots.get(k);
        if (old?.t === "list" && old.content.t === "tuple")
            old.content = tuple([...old.content.items, str(v)]);
        else
            d.scope.slots.set(k, list([str(v)], m.pc));
    }
    return d;
}
function parsed(m, text, kind) {
    const url = splitUrl(text);
    // Brackets that do not match are a ValueError, and parameters are split off by urlparse.
    if (/[[\]]/.test(url.netloc) ||
        (kind === "ParseResult" && url.path.includes(";")) ||
        /\P{ASCII}/u.test(url.netloc))
        return gap("urlparse()");
    const own = scope(m.pc);
    const cls = { t: "class", name: kind, bases: [], unknownBase: null, scope: scope() };
    for (const [k, v] of Object.entries(url))
        if (k !== "port")
            own.slots.set(k, v === null ? NONE : str(v));
    own.slots.set("port", url.port === null ? NONE : typeof url.port === "number" ? num(url.port) : unknown("a port"));
    if (kind === "ParseResult")
        own.slots.set("params", str(""));
    const parts = [
        url.scheme,
        url.netloc,
        url.path,
        ...(kind === "ParseResult" ? [""] : []),
        url.query,
        url.fragment,
    ];
    own.slots.set("\0items", tuple(parts.map(str)));
    return { t: "instance", cls, scope: own, id: 0 };
}

;// CONCATENATED MODULE: ./build/src/python/stdlib/modules.js














const modules_same = (name) => [name, fn(name, ([v = NONE]) => v)];
const nothing = (name) => [name, fn(name, () => NONE)];
/** An object whose class tells what it is and of which nothing else is known. */
function opaque(name, facts = {}) {
    return unknown(name, { truthy: true, ...facts });
}
/** tomllib, tomli and toml: the same two functions, for a file or a text. */
function tomlModule(m, error) {
    const loads = fn("loads", ([v = NONE]) => parseData(m, v, "toml", "TOMLDecodeError"));
    const load = fn("load", ([v = NONE]) => parseData(m, v.t === "str" || v.t === "path" ? readText(m, v) : v, "toml", "TOMLDecodeError"));
    return { load, loads, [error]: m.exceptions.get("TOMLDecodeError") };
}
/** `textwrap.dedent`: the blanks that all lines begin with go, and lines of blanks become empty. */
function dedented(text) {
    if (/\r|[^\0-\x7f]|\t/.test(text))
        return gap("dedent()", { type: "str" });
    const plain = text.replace(/^ +$/gm, "");
    const margins = plain
        .split("\n")
        .filter(Boolean)
        .map((line) => /^ */.exec(line)?.[0].length ?? 0);
    const margin = Math.min(...margins);
    return margins.length === 0 || margin === 0 ? plain : plain.replace(new RegExp(`^ {${margin}}`, "gm"), "");
}
/** Modules of the standard library that settings use, by name. */
const NATIVE = {
    ...RANDOM,
    ...COLLECTIONS,
    sys: (m) => ({
        path: m.sysPath,
        argv: list([str("/srv/site/venv/bin/gunicorn"), str(m.settingsModule)]),
        platform: str("linux"),
        version_info: {
            ...tuple([
                num(m.python[0]),
                num(m.python[1]),
                unknown("sys.version_info", { type: "int" }),
                str("final"),
                num(0),
            ]),
            fields: ["major", "minor", "micro", "releaselevel", "serial"],
        },
        version: unknown("sys.version", { type: "str", truthy: true }),
        modules: sysModules(m),
        maxsize: unknown("sys.maxsize", { type: "int", truthy: true }),
        prefix: unknown("sys.prefix", { type: "str", truthy: true }),
        base_prefix: unknown("sys.base_prefix", { type: "str", truthy: true }),
        executable: unknown("sys.executable", { type: "str", truthy: true }),
        exit: fn("exit", () => raise(m, "SystemExit", "sys.exit()")),
        getdefaultencoding: fn("getdefaultencoding", () => str("utf-8")),
    }),
    json: (m) => ({
        loads: fn("loads", ([v = NONE]) => {
            like(m, v, ['["www.example.com"]', "{}"]);
            like(m, v, ['["site.example.org", "example.org"]', '{"key": "value"}']);
            return parseData(m, v, "json", "JSONDecodeError");
        }),
        load: fn("load", ([f = NONE]) => parseData(m, f, "json", "JSONDecodeError")),
        dumps: fn("dumps", () => gap("json.dumps()", { type: "str", truthy: true })),
        JSONDecodeError: m.exceptions.get("JSONDecodeError"),
    }),
    yaml: (m) => {
        const load = fn("load", ([f = NONE]) => parseData(m, f, "yaml", "YAMLError"));
        return { load, safe_load: load, full_load: load, YAMLError: m.exceptions.get("YAMLError") };
    },
    tomllib: (m) => tomlModule(m, "TOMLDecodeError"),
    tomli: (m) => tomlModule(m, "TOMLDecodeError"),
    toml: (m) => tomlModule(m, "TomlDecodeError"),
    re: (m) => reModule(m),
    resource: resourceModule,
    "urllib.parse": (m) => urlModule(m),
    socket: () => ({
        gethostname: fn("gethostname", () => unknown("the name of the host", { type: "str", truthy: true })),
        getfqdn: fn("getfqdn", () => unknown("the name of the host", { type: "str", truthy: true })),
        gethostbyname: fn("gethostbyname", () => unknown("an address of the host", { type: "str", truthy: true })),
    }),
    platform: () => ({
        system: fn("system", () => str("Linux")),
        node: fn("node", () => unknown("the name of the host", { type: "str", truthy: true })),
    }),
    string: () => ({
        ascii_letters: str("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ascii_lowercase: str("abcdefghijklmnopqrstuvwxyz"),
        ascii_uppercase: str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        digits: str("0123456789"),
        punctuation: str("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    }),
    importlib: (m) => ({
        import_module: fn("import_module", ([name = NONE, pack], kwargs) => m.core.importByName(m, name, pack ?? kwargs.get("package") ?? NONE)),
        reload: fn("reload", ([v = NONE]) => v),
    }),
    enum: () => {
        const base = { t: "class", name: "Enum", bases: [], unknownBase: null, scope: scope() };
        const kind = (name) => ({
            t: "class",
            name,
            bases: [base],
            unknownBase: null,
            scope: scope(),
        });
        return {
            Enum: base,
            IntEnum: kind("IntEnum"),
            StrEnum: kind("StrEnum"),
            Flag: kind("Flag"),
            auto: fn("auto", () => gap("auto()")),
        };
    },
    inspect: (m) => ({ getmembers: fn("getmembers", ([o = NONE]) => members(m, o)) }),
    datetime: (m) => ({ timedelta: timedelta(m) }),
    functools: (m) => ({
        partial: partial(),
        wraps: fn("wraps", () => fn("wraps()", ([v = NONE]) => v)),
        lru_cache: fn("lru_cache", ([v]) => (v?.t === "func" ? v : fn("lru_cache()", ([f = NONE]) => f))),
        cache: modules_same("cache")[1],
        cached_property: propertyLike(m),
        reduce: fn("reduce", ([f = NONE, items = NONE, start]) => reduce(m, f, items, start)),
    }),
    contextlib: () => {
        const suppress = { t: "class", name: "suppress", bases: [], unknownBase: null, scope: scope() };
        suppress.construct = (args) => made(suppress, { types: tuple(args) });
        return { suppress, contextmanager: fn("contextmanager", ([v = NONE]) => v) };
    },
    copy: (m) => ({
        copy: fn("copy", ([v = NONE, ...more]) => (more.length > 0 ? gap("copy()") : copied(m, v, false))),
        deepcopy: fn("deepcopy", ([v = NONE, ...more]) => more.length > 0 ? gap("deepcopy()") : copied(m, v, true)),
    }),
    ast: (m) => ({
        literal_eval: fn("literal_eval", ([v = NONE]) => {
            like(m, v, ['["www.example.com"]', '["site.example.org", "example.org"]']);
            return literal(m, v);
        }),
    }),
    warnings: () => Object.fromEntries(["warn", "filterwarnings", "simplefilter"].map(nothing)),
    typing: () => ({
        TYPE_CHECKING: bool(false),
        ...Object.fromEntries([["cast", fn("cast", ([, v = NONE]) => v)]]),
    }),
    logging: () => ({
        DEBUG: num(10),
        INFO: num(20),
        WARNING: num(30),
        WARN: num(30),
        ERROR: num(40),
        CRITICAL: num(50),
        getLogger: fn("getLogger", () => opaque("a logger", { harmless: true })),
        ...Object.fromEntries(["debug", "info", "warning", "error", "critical", "basicConfig", "disable", "captureWarnings"].map(nothing)),
    }),
    glob: (m) => ({
        glob: fn("glob", ([v = NONE]) => each(m, v, (o) => {
            if (o.t !== "str" && o.t !== "path")
                return unknown("files whose names are not known");
            const found = globTree(m, o.v);
            // As with a module that is not in the repository: what is there without it holds.
            if (found === null)
                note(m, "absent-file", o.v);
            return list((found ?? []).map(str), m.pc);
        })),
    }),
    base64: (m) => ({
        b64encode: fn("b64encode", ([v = NONE, ...more]) => pure(m, [v], ([o]) => o?.t === "bytes" && more.length === 0
            ? textOrBytes("bytes", Buffer.from(o.v, "latin1").toString("base64"))
            : gap("b64encode()", { type: "bytes" }))),
        b64decode: fn("b64decode", ([v = NONE]) => pure(m, [v], ([o]) => (o?.t === "str" || o?.t === "bytes") && o.v.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(o.v)
            ? textOrBytes("bytes", Buffer.from(o.v, "base64").toString("latin1"))
            : gap("b64decode()", { type: "bytes" }))),
    }),
    tempfile: () => ({
        gettempdir: fn("gettempdir", () => unknown("the folder of temporary files", { type: "str", truthy: true })),
        mkdtemp: fn("mkdtemp", () => unknown("a temporary folder", { type: "str", truthy: true })),
    }),
    textwrap: (m) => ({
        dedent: fn("dedent", ([v = NONE]) => pure(m, [v], ([o]) => (o?.t === "str" ? str(dedented(o.v)) : gap("dedent()")))),
    }),
    time: () => ({ time: fn("time", () => opaque("the time", { type: "float" })) }),
    uuid: () => ({ uuid4: fn("uuid4", () => opaque("uuid4()", { generated: true })) }),
    getpass: () => ({
        getuser: fn("getuser", () => unknown("the user's name", { type: "str", truthy: true })),
    }),
};

;// CONCATENATED MODULE: ./build/src/python/stdlib/index.js








/** A module outside the project that is modelled: natively, or as Python text. Null for all others. */
function libraryModule(m, name) {
    const text = MODELS[name];
    if (text !== undefined)
        return text;
    const native = nativeEntries(m, name);
    if (!native)
        return null;
    const entries = withArguments(m, name, native);
    const module = { t: "module", name, scope: scope(), file: null, external: true };
    for (const [k, v] of Object.entries(entries))
        module.scope.slots.set(k, v);
    return module;
}
function nativeEntries(m, name) {
    switch (name) {
        case "os":
            return osModule(m, m.modules.get("os.path")?.module ?? pathModule(m));
        case "os.path":
        case "posixpath":
            return osPath(m);
        case "pathlib": {
            const path = pathClass(m, "Path");
            return { Path: path, PosixPath: path, PurePath: path, PurePosixPath: path };
        }
        case "_djdeploy":
            return hooks(m);
        default:
            return NATIVE[name]?.(m) ?? djangoModule(m, name);
    }
}
function pathModule(m) {
    const module = { t: "module", name: "posixpath", scope: scope(), file: null, external: true };
    for (const [k, v] of Object.entries(withArguments(m, "os.path", osPath(m))))
        module.scope.slots.set(k, v);
    return module;
}

;// CONCATENATED MODULE: ./build/src/python/core/imports/host-modules.js










/** A name for settings, not for a package. */
const SETTINGS_LIKE = /(^|[._])(settings?|local|conf|config|configuration|secrets?|private|custom|site|overrides?)([._]|$)/;
/**
 * Is a module that may be absent one of settings which git does not have: beside the project's own, or brought with
 * a star or by the names of settings? A package that nobody declares is none, and counts as not installed.
 */
function isHostModule(m, name, brings) {
    const top = name.split(".")[0];
    if (m.handlers.length === 0 || m.frame.file.startsWith("<"))
        return false;
    if (isStandard(top) || libraryModule(m, name) || declared(m, top) || findModule(m, name))
        return false;
    if (findModule(m, top))
        return true;
    const settings = brings.length > 0 && brings.every((one) => one === "*" || /^[A-Z][A-Z0-9_]+$/.test(one));
    return settings || SETTINGS_LIKE.test(name);
}
/** A module that may be there or not: where it is, what it holds is not known; where not, it raises. */
function perhaps(m, name, reason) {
    note(m, "import", name);
    const there = fact(m, reason);
    const { pc } = m;
    m.pc = and(pc, not(there));
    if (possible(m.pc))
        each(m, TRUE, () => raise(m, "ModuleNotFoundError", `No module named '${name}'`));
    m.pc = and(pc, there);
    return { t: "module", name, scope: scope(), file: null, external: true };
}

;// CONCATENATED MODULE: ./build/src/python/core/imports/load-module.js












/** The module of an absolute name, executed; parents first. Raises ModuleNotFoundError where there is none. */
function loadModule(m, name) {
    const parts = name.split(".");
    let found = NONE;
    for (let n = 1; n <= parts.length; n++) {
        const dotted = parts.slice(0, n).join(".");
        const parent = found;
        found = loadOne(m, dotted);
        if (!possible(m.pc))
            return found;
        if (parent.t === "module" && found.t === "module" && !parent.external)
            write(m, parent.scope, parts[n - 1], found);
        if (parent.t === "module" && parent.external && found.t === "module")
            parent.scope.slots.set(parts[n - 1], found);
    }
    return found;
}
function loadOne(m, name) {
    const known = m.modules.get(name);
    const need = known ? simplified(m, and(m.pc, not(known.loaded))) : m.pc;
    if (known && !possible(need))
        return known.module;
    const place = isStandard(name) ? null : findModule(m, name);
    if (!place)
        return known ? known.module : outside(m, name);
    const module = known?.module ?? {
        t: "module",
        name,
        scope: scope(m.pc, true),
        file: place.file,
        external: false,
    };
    if (known) {
        // A second execution, for worlds that did not need it before.
        for (const [k, v] of module.scope.slots)
            module.scope.slots.set(k, ite(known.loaded, v, MISSING));
        known.loaded = or(known.loaded, need);
        module.scope.born = known.loaded;
    }
    else
        m.modules.set(name, { module, loaded: m.pc });
    if (place.file !== null)
        executeFile(m, module, place.file, need);
    return module;
}
/** Nobody writes a settings module of more characters by hand; reading a generated one takes seconds. */
const load_module_LONGEST = 2_000_000;
/** Executes a file of the project in a module's scope. */
function executeFile(m, module, file, when = m.pc) {
    const text = m.tree.read(file);
    if (text === null)
        return;
    if (text.length > load_module_LONGEST) {
        const reason = `${file} is too long to read: ${Math.round(text.length / 1e6)} MB`;
        module.scope.slots.set("\0open", unknown(reason));
        return;
    }
    let parsed = m.parsed.get(file);
    if (!parsed) {
        parsed = parseModule(text);
        m.parsed.set(file, parsed);
    }
    if (!m.executed.includes(file))
        m.executed.push(file);
    for (const p of parsed.problems)
        if (!m.problems.some((q) => q.file === file && q.line === p.line))
            m.problems.push({ file, ...p });
    const { frame, here, pc } = m;
    const rest = simplified(m, and(pc, not(when)));
    m.frame = topFrame(module, parsed.lines, file);
    m.pc = when;
    const own = module.scope.slots;
    if (!own.has("__name__")) {
        own.set("__name__", str(module.name));
        own.set("__file__", str(treePath(file)));
        own.set("__doc__", NONE);
        own.set("__spec__", unknown("__spec__", { truthy: true }));
        if (file.endsWith("__init__.py"))
            own.set("__path__", list([str(treePath(file.replace(/\/?__init__\.py$/, "")))]));
        own.set("__package__", str(file.endsWith("__init__.py") ? module.name : module.name.split(".").slice(0, -1).join(".")));
    }
    m.core.execute(m, parsed.body);
    m.frame = frame;
    m.here = here;
    m.pc = simplified(m, or(rest, m.pc));
}
/** A module that is not in the project: modelled, assumed to be installed, or missing. */
function outside(m, name) {
    const top = name.split(".")[0];
    const model = libraryModule(m, name);
    if (model) {
        if (typeof model !== "string")
            return remember(m, name, model);
        const module = remember(m, name, {
            t: "module",
            name,
            scope: scope(TRUE, false),
            file: null,
            external: true,
        });
        executeModel(m, module, model);
        return module;
    }
    const ours = findModule(m, top) !== null && !isStandard(top);
    if (ours || (m.handlers.length > 0 && !isStandard(top) && !declared(m, top))) {
        if (!ours && m.packages === null)
            return perhaps(m, name, `whether ${top} is installed is not known`);
        note(m, "import", name);
        return raise(m, "ModuleNotFoundError", `No module named '${name}'`);
    }
    note(m, "external", name);
    return remember(m, name, { t: "module", name, scope: scope(), file: null, external: true });
}
function remember(m, name, module) {
    m.modules.set(name, { module, loaded: TRUE });
    return module;
}
/** Our own Python text that stands for a library; executed in all worlds. */
function executeModel(m, module, text) {
    const { frame, here, pc, handlers } = m;
    m.pc = TRUE;
    m.handlers = [];
    const parsed = parseModule(text);
    m.frame = topFrame(module, parsed.lines, `<${module.name}>`);
    module.scope.slots.set("__name__", str(module.name));
    m.core.execute(m, parsed.body);
    Object.assign(m, { frame, here, pc, handlers });
}

;// CONCATENATED MODULE: ./build/src/python/core/imports/import-by-name.js









/** `importlib.import_module(name, package)` and `__import__`. */
function importByName(m, name, pack) {
    if (name.t === "choice")
        suggestModules(m, name);
    return each(m, name, (o) => {
        if (o.t === "unknown")
            return gap(`import of a module whose name is not known: ${o.reason}`);
        if (o.t !== "str")
            return gap("an import of no text");
        if (o.v === "")
            return raise(m, "ValueError", "Empty module name");
        const top = o.v.split(".")[0];
        if (name.t === "choice" && top !== "" && !isStandard(top) && !findModule(m, top)) {
            // Of the texts we try for a variable this one stands for a name of which nothing is known.
            if (o.v === TRIED_HOST)
                hostMaySet(m, "the module that a variable names");
            if (o.v === TRIED_HOST && m.handlers.length === 0)
                return unknown("the module that a variable names is not known");
            return raise(m, "ModuleNotFoundError", `No module named '${o.v}'`);
        }
        const dots = /^\.*/.exec(o.v)?.[0].length ?? 0;
        if (dots === 0)
            return loadModule(m, o.v);
        const base = pack.t === "str" ? pack.v : m.frame.module.name;
        const parts = base.split(".").slice(0, dots > 1 ? 1 - dots : undefined);
        return loadModule(m, [...parts, o.v.slice(dots)].join("."));
    });
}
/** The name of a module depends on a variable: try the modules that are there. */
function suggestModules(m, name) {
    const all = leaves(name);
    const whole = all.some((o) => o.t === "str" && o.v === TRIED_HOST);
    for (const o of all) {
        if (o.t !== "str")
            continue;
        const parent = o.v.split(".").slice(0, -1).join(".");
        const found = findModule(m, parent);
        if (!found)
            continue;
        for (const file of m.files) {
            const inside = file.startsWith(`${found.folder}/`) ? file.slice(found.folder.length + 1) : "";
            if (/^[a-z]\w*\.py$/.test(inside))
                interest(m, name, `${whole ? `${parent}.` : ""}${inside.slice(0, -3)}`);
        }
    }
}

;// CONCATENATED MODULE: ./build/src/python/core/definitions.js








function defineFunction(m, node) {
    const decorators = node.decorator_list.map((d) => evaluate(m, d));
    let made = makeFunction(m, node.name, node.args, node.body, m.frame.isClass ? m.frame.cls : null);
    if (node.nodeType === "AsyncFunctionDef")
        made = unknown(`the coroutine ${node.name}`);
    for (const d of decorators.reverse()) {
        // A decorator from outside the project rarely changes what a helper of the settings returns.
        made =
            d.t === "unknown" ? unknown(`${node.name}() is decorated by ${d.reason}`) : callValue(m, d, [made]);
    }
    write(m, scopeFor(m, node.name), node.name, made);
}
function defineClass(m, node) {
    const bases = [];
    let unknownBase = null;
    for (const b of node.bases) {
        const v = evaluateBase(m, b);
        if (v.t === "class")
            bases.push(v);
        else if (v.t === "unknown")
            unknownBase = v;
        else if (leaves(v).some((o) => o.t === "unknown" || o.t === "class"))
            unknownBase = unknown("a base that depends on the environment");
    }
    const cls = { t: "class", name: node.name, bases, unknownBase, scope: scope(m.pc, true) };
    if (m.frame.file.startsWith("<"))
        cls.modelled = true;
    if (node.keywords.some((k) => k.arg === "metaclass" || k.arg === undefined))
        cls.decorated = true;
    const outer = m.frame;
    const frame = {
        ...outer,
        scope: cls.scope,
        parent: outer,
        outer: new Map(),
        isClass: true,
        cls,
        done: FALSE,
        result: NONE,
    };
    m.frame = frame;
    m.core.execute(m, node.body);
    m.frame = outer;
    if (isA(cls, "Enum"))
        enumerate(m, cls);
    let made = cls;
    for (const d of node.decorator_list) {
        const by = evaluate(m, d);
        cls.decorated = true;
        if (by.t === "func")
            made = callValue(m, by, [made]);
        else if (by.t === "unknown")
            cls.unknownBase ??= unknown(`${node.name} is decorated by ${by.reason}`);
    }
    at(m, node);
    write(m, m.frame.scope, node.name, made);
}
function evaluateBase(m, node) {
    return evaluate(m, node.nodeType === "Starred" ? node.value : node);
}
/** What an enumeration's class body names become: members with a name and a value. */
function enumerate(m, cls) {
    const members = [];
    for (const [name, v] of cls.scope.slots) {
        if (name.startsWith("_") || v.t === "func" || v.t === "instance" || v.t === "class")
            continue;
        const slots = new Map([
            ["name", str(name)],
            ["value", v],
            ["_value_", v],
        ]);
        const member = { t: "instance", cls, scope: { slots, born: m.pc, places: null }, id: nextId() };
        if (isA(cls, "str") || isA(cls, "int") || isA(cls, "StrEnum") || isA(cls, "IntEnum"))
            slots.set("\0value", v);
        cls.scope.slots.set(name, member);
        members.push(member);
    }
    cls.members = members;
}

;// CONCATENATED MODULE: ./build/src/python/core/imports/statements.js














/** `import a.b` and `import a.b as c`. */
function importPlain(m, alias) {
    const module = isHostModule(m, alias.name, []) ? statements_onHost(m, alias.name) : loadModule(m, alias.name);
    if (!possible(m.pc))
        return;
    const top = alias.name.split(".")[0];
    if (alias.asname)
        write(m, scopeFor(m, alias.asname), alias.asname, module);
    else
        write(m, scopeFor(m, top), top, m.modules.get(top)?.module ?? module);
}
/** `from a.b import c, d as e`, `from . import c`, `from a import *`. */
function importFrom(m, node) {
    const name = absoluteName(m, node.module ?? "", node.level ?? 0);
    if (name === "__future__")
        return;
    const brings = node.names.map((alias) => alias.name);
    const apart = isHostModule(m, name, brings);
    const module = apart ? statements_onHost(m, name) : loadModule(m, name);
    if (!possible(m.pc) || module.t !== "module")
        return;
    if (apart && brings.includes("*")) {
        hostMaySet(m, name);
        return;
    }
    for (const alias of node.names) {
        if (!possible(m.pc))
            return;
        if (alias.name === "*")
            star(m, module);
        else
            write(m, scopeFor(m, alias.asname ?? alias.name), alias.asname ?? alias.name, member(m, module, alias.name));
    }
}
const statements_onHost = (m, name) => perhaps(m, name, `whether ${name} is on the host is not known`);
function absoluteName(m, name, level) {
    if (level === 0)
        return name;
    const own = m.frame.module;
    const parts = own.name.split(".");
    const isPackage = own.file === null || own.file.endsWith("/__init__.py") || own.file === "__init__.py";
    const up = level - (isPackage ? 1 : 0);
    if (up > parts.length - (isPackage ? 1 : 0))
        return raise(m, "ImportError", "attempted relative import with no known parent package");
    return [...parts.slice(0, parts.length - up), ...(name ? [name] : [])].join(".");
}
function member(m, module, name) {
    const slot = read(m, module.scope, name);
    const absent = toCondition(slot, (o) => o.t === "missing");
    if (!possible(absent))
        return slot;
    if (module.external) {
        if (slot.t !== "missing")
            return slot;
        if (libraryModule(m, `${module.name}.${name}`))
            return loadModule(m, `${module.name}.${name}`);
        mayBeAbsent(m, module, name, "ImportError");
        return unknown(`${module.name}.${name} is outside the project`);
    }
    const other = () => {
        if (findModule(m, `${module.name}.${name}`))
            return loadModule(m, `${module.name}.${name}`);
        const open = module.scope.slots.get("\0open");
        if (open)
            return open;
        note(m, "import", `${module.name}.${name}`);
        return raise(m, "ImportError", `cannot import name '${name}' from '${module.name}'`);
    };
    return each(m, slot, (o) => (o.t === "missing" ? other() : o));
}
/** Copies every public name, with the places they were decided at. */
function star(m, module) {
    const into = m.frame.scope;
    if (module.external && module.scope.slots.size === 0) {
        starOutside(m, module.name);
        return;
    }
    const all = read(m, module.scope, "__all__");
    const listed = all.t === "list" && all.content.t === "tuple" ? all.content.items : all.t === "tuple" ? all.items : null;
    const names = listed
        ? listed.flatMap((v) => (v.t === "str" ? [v.v] : []))
        : [...module.scope.slots.keys()].filter((n) => !n.startsWith("_"));
    for (const name of names) {
        if (name === "\0open") {
            const open = module.scope.slots.get(name);
            if (open)
                into.slots.set(name, open);
            continue;
        }
        const v = read(m, module.scope, name);
        const there = toCondition(v, (o) => o.t !== "missing");
        if (!possible(there))
            continue;
        const { here } = m;
        const place = module.scope.places?.get(name);
        if (place && place.t === "place")
            m.here = place;
        write(m, into, name, always(there) ? v : ite(there, v, read(m, into, name)));
        if (place && into.places) {
            const when = and(m.pc, there);
            const old = into.places.get(name) ?? place;
            into.places.set(name, always(simplified(m, when)) ? place : ite(when, place, old));
        }
        m.here = here;
    }
}
/** A star import of a module that nobody here can read. */
function starOutside(m, name) {
    const { slots } = m.frame.scope;
    note(m, "star-outside", name);
    const from = unknown(`${name} is outside the project`, { trusted: m.trusting });
    const open = slots.get("\0open");
    if (open?.t !== "unknown" || open.trusted)
        slots.set("\0open", from);
    if (m.trusting) {
        packageMaySet(m, name);
        return;
    }
    for (const [own, old] of slots)
        if (/^[A-Z]/.test(own))
            slots.set(own, ite(fact(m, from.reason), unknown(from.reason), old));
}

;// CONCATENATED MODULE: ./build/src/python/source/walk.js
/** Every node under the given ones, outer before inner, with the statements around it, outermost first. */
function* walk(nodes) {
    const open = [...nodes]
        .reverse()
        .map((node) => ({ node, around: [] }));
    for (let next = open.pop(); next; next = open.pop()) {
        const { node, around } = next;
        if (Array.isArray(node)) {
            for (const item of [...node].reverse())
                open.push({ node: item, around });
            continue;
        }
        if (!isNode(node))
            continue;
        yield { node, around };
        const inner = isStatement(node) ? [...around, node] : around;
        for (const part of Object.values(node).reverse())
            if (typeof part === "object" && part !== null)
                open.push({ node: part, around: inner });
    }
}
function isNode(part) {
    return typeof part === "object" && part !== null && "nodeType" in part;
}
/** Statements are what holds other statements, or gives names their values. */
function isStatement(node) {
    return /^(?:If|For|While|Try|TryStar|With|AsyncWith|Match|FunctionDef|AsyncFunctionDef|ClassDef|Assign|AnnAssign|AugAssign|Expr|Return)$/.test(node.nodeType);
}
/** The names that a statement binds at its own level; `*` for a star import. */
function bindings(node) {
    switch (node.nodeType) {
        case "Import":
            return node.names.map((a) => a.asname ?? a.name.split(".")[0]);
        case "ImportFrom":
            return node.names.map((a) => a.asname ?? a.name);
        case "Assign":
            return node.targets.flatMap(targetNames);
        case "AnnAssign":
            return node.value ? targetNames(node.target) : [];
        case "AugAssign":
            return targetNames(node.target);
        case "FunctionDef":
        case "AsyncFunctionDef":
        case "ClassDef":
            return [node.name];
        default:
            return [];
    }
}
function targetNames(target) {
    if (target.nodeType === "Name")
        return [target.id];
    if (target.nodeType === "Tuple" || target.nodeType === "List")
        return target.elts.flatMap(targetNames);
    return [];
}

;// CONCATENATED MODULE: ./build/src/python/core/loops.js















function executeFor(m, node) {
    const over = evaluate(m, node.iter);
    const source = compact(itemsOrRaise(m, over));
    let broken = FALSE;
    const touched = touches(m, over);
    each(m, source, (c) => {
        const items = itemsIn(c);
        for (const item of items) {
            if (!possible(m.pc))
                break;
            step(m);
            const loop = { broken: FALSE, continued: FALSE };
            m.loops.push(loop);
            const among = elementsOf(item);
            if (among)
                eachOf(m, node, among);
            else if (item.t === "unknown" && item.splat)
                anyTimes(m, node.body, item.reason, () => assign_assign(m, node.target, unknown(item.reason)));
            else {
                assign_assign(m, node.target, narrow(m, item));
                m.core.execute(m, node.body);
            }
            const changed = possible(m.pc) && touched();
            // What is looped over was changed on the way: nobody knows what comes next.
            if (changed)
                mayRaise(m, TRUE, unknown(CHANGED));
            if (changed)
                anyTimes(m, node.body, CHANGED, () => assign_assign(m, node.target, unknown(CHANGED)));
            m.loops.pop();
            broken = or(broken, loop.broken);
            m.pc = simplified(m, or(m.pc, loop.continued));
            if (changed)
                break;
        }
        return NONE;
    });
    if (possible(m.pc) && !possible(broken))
        for (const o of leaves(over))
            if (o.t === "list" && o.once)
                setContent(m, o, tuple([]));
    m.core.execute(m, node.orelse);
    m.pc = simplified(m, or(m.pc, broken));
}
/** Tells whether what is looped over is another one than at first; of an iterator nobody knows what is left. */
function touches(m, over) {
    for (const o of leaves(over))
        if (o.t === "list" && o.once)
            setContent(m, o, tuple([unknown("what is left of an iterator", { splat: true })]));
    const reads = readsOf([over]);
    return () => isChanged(reads);
}
/** Elements that are not there in every world: each runs the body in its own. */
function eachOf(m, node, among) {
    for (const { item, when } of among) {
        const rest = and(m.pc, not(when));
        m.pc = simplified(m, and(m.pc, when));
        if (possible(m.pc)) {
            assign_assign(m, node.target, narrow(m, item));
            m.core.execute(m, node.body);
            const loop = m.loops.at(-1);
            if (loop) {
                m.pc = or(m.pc, loop.continued);
                loop.continued = FALSE;
            }
        }
        m.pc = simplified(m, or(m.pc, rest));
        if (!possible(m.pc))
            return;
    }
}
const MAX_ROUNDS = 2000;
function executeWhile(m, node) {
    let out = FALSE;
    let broken = FALSE;
    const before = m.variables.length;
    for (let round = 0; possible(m.pc); round++) {
        const when = truthOf(m, evaluate(m, node.test));
        const start = m.pc;
        out = or(out, and(start, not(when)));
        m.pc = simplified(m, and(start, when));
        if (!possible(m.pc))
            break;
        const loop = { broken: FALSE, continued: FALSE };
        m.loops.push(loop);
        const endless = round > MAX_ROUNDS ||
            (round > 12 && when.t === "choice") ||
            ((round > 0 || m.loose > 0) && asksAnew(m, before));
        if (endless)
            anyTimes(m, node.body, "a loop whose end is not known", () => undefined);
        else
            m.core.execute(m, node.body);
        m.loops.pop();
        broken = or(broken, loop.broken);
        m.pc = simplified(m, or(m.pc, loop.continued));
        if (endless)
            break;
    }
    m.pc = simplified(m, or(out, m.pc));
    m.core.execute(m, node.orelse);
    m.pc = simplified(m, or(m.pc, broken));
}
/** Does it hang on facts that the loop itself has asked for, whether it still runs? Each round would ask for more. */
const asksAnew = (m, before) => [...support(m.pc)].some((at) => at >= before && m.variables[at]?.kind === "fact");
/** A body that runs we do not know how often: once under a condition, then what it assigns is unknown. */
function anyTimes(m, body, reason, before) {
    const start = m.pc;
    const runs = fact(m, reason);
    const left = leavers(m);
    m.pc = and(start, runs);
    const changed = changesOf(m, body);
    m.loose++;
    try {
        before();
        m.core.execute(m, body);
    }
    finally {
        m.loose--;
    }
    m.pc = and(start, runs);
    if (m.loose > 0)
        m.pc = widened(m);
    changed(reason);
    // A later turn may do what the first does not, from what that has left: bind other names, and raise.
    for (const name of assignedNames(body))
        write(m, scopeFor(m, name), name, unknown(reason));
    mayRaise(m, TRUE, unknown(reason));
    m.pc = simplified(m, and(start, not(left())));
}
/** Tells which worlds have returned, left the loop or the round, or raised to a handler since it was made. */
function leavers(m) {
    const { frame } = m;
    const loop = m.loops.at(-1);
    const handler = m.handlers.at(-1);
    const old = {
        done: frame.done,
        broken: loop?.broken ?? FALSE,
        continued: loop?.continued ?? FALSE,
        caught: handler?.caught.length ?? 0,
    };
    return () => {
        let left = and(frame.done, not(old.done));
        if (loop) {
            left = or(left, and(loop.broken, not(old.broken)));
            left = or(left, and(loop.continued, not(old.continued)));
        }
        for (const { when } of handler?.caught.slice(old.caught) ?? [])
            left = or(left, when);
        return left;
    };
}
/** Remembers what the names in a body hold; what has changed is then known only as far as it was there before. */
function changesOf(m, body) {
    const lists = new Map();
    const dicts = new Map();
    const see = (given, depth) => {
        if (given && depth <= 3)
            for (const v of leaves(given))
                seeOne(v, depth);
    };
    const seeOne = (v, depth) => {
        if (v.t === "list" || v.t === "set") {
            lists.set(v, v.content);
            for (const item of itemsIn(v.content))
                see(item, depth + 1);
        }
        else if (v.t === "dict" && !v.scope.places) {
            dicts.set(v, new Map(v.scope.slots));
            for (const item of v.scope.slots.values())
                see(item, depth + 1);
        }
    };
    for (const name of loadedNames(body))
        for (let f = m.frame; f; f = f.parent)
            see(f.scope.slots.get(name), 0);
    return (reason) => {
        for (const [v, content] of lists)
            if (v.content !== content)
                v.content = loosened(m, content, v.content, reason);
        for (const [d, slots] of dicts)
            loosenDict(m, d, slots, reason);
    };
}
function loosened(m, before, after, reason) {
    return pure(m, [before, after], ([b, a]) => {
        const [old, now] = [itemsIn(b), itemsIn(a)];
        let same = 0;
        while (same < old.length && same < now.length && old[same] === now[same])
            same++;
        if (same === old.length && same === now.length)
            return a;
        const kept = same === old.length ? old : [];
        return tuple([...kept, unknown(reason, { splat: true })]);
    });
}
function loosenDict(m, d, before, reason) {
    const changed = [...d.scope.slots].filter(([k, v]) => before.get(k) !== v);
    const isGone = [...before.keys()].some((k) => !d.scope.slots.has(k));
    if (changed.length === 0 && !isGone)
        return;
    d.open ??= unknown(reason);
    // What one turn has taken out is known to be there no more; another may have put it in again.
    for (const [k, v] of changed)
        write(m, d.scope, k, leaves(v).some((o) => o.t === "missing") ? MISSING : unknown(reason));
}
function loadedNames(body) {
    const found = new Set();
    for (const { node } of walk(body))
        if (node.nodeType === "Name" && node.ctx?.nodeType === "Load")
            found.add(node.id);
    return found;
}
function assignedNames(body, into = new Set()) {
    const visit = (node) => {
        if (typeof node !== "object" || node === null)
            return;
        if (Array.isArray(node)) {
            for (const n of node)
                visit(n);
            return;
        }
        const n = node;
        if (n.nodeType === "FunctionDef" || n.nodeType === "Lambda")
            return;
        if (n.nodeType === "Name" && n.id && n.ctx?.nodeType === "Store")
            into.add(n.id);
        for (const child of Object.values(node))
            visit(child);
    };
    visit(body);
    return into;
}

;// CONCATENATED MODULE: ./build/src/python/core/patterns.js









/** The condition under which a value fits a pattern; binds the names in it. */
function matches(m, pattern, v) {
    switch (pattern.nodeType) {
        case "MatchValue":
            return equal(m, v, evaluate(m, pattern.value));
        case "MatchSingleton": {
            const constant = pattern.value === null ? NONE : bool(pattern.value === true);
            return pure(m, [v], ([o]) => (o?.t === constant.t ? equal(m, o, constant) : FALSE));
        }
        case "MatchAs": {
            const fits = pattern.pattern ? matches(m, pattern.pattern, v) : TRUE;
            if (pattern.name)
                write(m, m.frame.scope, pattern.name, v);
            return fits;
        }
        case "MatchOr": {
            let any = FALSE;
            for (const p of pattern.patterns)
                any = or(any, matches(m, p, v));
            return any;
        }
        case "MatchSequence":
            return patterns_sequence(m, pattern.patterns, v);
        case "MatchMapping": {
            let all = TRUE;
            for (const [i, k] of pattern.keys.entries()) {
                if (v.t !== "dict")
                    return /^(unknown|choice|instance)$/.test(v.t) ? fact(m, "a mapping pattern") : FALSE;
                const item = dictGet(m, v, evaluate(m, k), () => MISSING);
                if (item.t === "missing")
                    return FALSE;
                all = and(all, matches(m, pattern.patterns[i], item));
            }
            return all;
        }
        case "MatchStar":
            return TRUE;
        default:
            return fact(m, "a class pattern");
    }
}
function patterns_sequence(m, patterns, v) {
    // Neither sets, views nor iterators are sequences.
    if (v.t === "set" || (v.t === "list" && v.kind && v.kind !== "deque"))
        return FALSE;
    const content = v.t === "choice" || v.t === "str" ? null : contentOf(v);
    if (content?.t !== "tuple")
        return v.t === "str" ? FALSE : fact(m, "a sequence pattern");
    const items = itemsIn(content);
    const star = patterns.findIndex((p) => p.nodeType === "MatchStar");
    if (star < 0 ? items.length !== patterns.length : items.length < patterns.length - 1)
        return FALSE;
    let all = TRUE;
    for (const [i, p] of patterns.entries()) {
        if (i === star) {
            const named = p.nodeType === "MatchStar" ? p.name : undefined;
            if (named)
                write(m, m.frame.scope, named, list(items.slice(i, items.length - (patterns.length - i - 1)), m.pc));
            continue;
        }
        const at = star >= 0 && i > star ? items.length - (patterns.length - i) : i;
        all = and(all, matches(m, p, items[at]));
    }
    return all;
}

;// CONCATENATED MODULE: ./build/src/python/core/raising.js







/** Raises what a raise statement names: an exception, a class of exceptions, or something else. */
function raiseValue(m, error) {
    each(m, error, (o) => {
        const made = o.t === "class" ? callValue(m, o, []) : o;
        m.raising = true;
        if (made.t === "instance" && (isA(made.cls, "BaseException") || made.cls.unknownBase))
            raiseWhere(m, TRUE, made);
        else {
            // Something unknown is raised, or a TypeError, for it is no exception.
            const text = toText(m, made);
            raiseWhere(m, TRUE, {
                ...makeError(m, "Exception", text.t === "str" ? text.v : "an exception"),
                ...(isGuarded(m) ? { cls: unknownError(unknown("what is raised is not known")).cls } : {}),
            });
        }
        m.raising = false;
        return NONE;
    });
}

;// CONCATENATED MODULE: ./build/src/python/core/tries.js









/** Runs something with a handler of its own; what it raised is given back instead of going further up. */
function catching(m, guards, run) {
    const handler = { caught: [], guards, doubted: { statement: 0, worlds: FALSE } };
    m.handlers.push(handler);
    run();
    m.handlers.pop();
    return handler.caught;
}
/** Runs something; errors of the given types are dropped, as by contextlib.suppress. */
function withHandler(m, run, types) {
    const caught = catching(m, true, run);
    for (const { when, error } of caught) {
        const fits = catches(m, types, error, false);
        const there = and(when, fits);
        const rest = simplified(m, or(m.pc, there));
        if (possible(and(when, not(fits)))) {
            m.pc = rest;
            pass(m, { when: and(when, not(fits)), error });
        }
        m.pc = rest;
    }
}
/** Raises again what nobody here wanted. */
function pass(m, { when, error }) {
    const rest = m.pc;
    m.pc = when;
    raiseWhere(m, when, error);
    m.pc = simplified(m, rest);
}
function executeTry(m, node) {
    if (node.finalbody.length === 0) {
        executeGuarded(m, node);
        return;
    }
    const start = m.pc;
    const loop = m.loops.at(-1);
    const left = { done: m.frame.done, broken: loop?.broken ?? FALSE, continued: loop?.continued ?? FALSE };
    const escaped = catching(m, false, () => executeGuarded(m, node));
    const normal = m.pc;
    // The final block runs for everyone, however they have left; who comes through it goes on where they were going.
    const done = and(m.frame.done, not(left.done));
    const broken = loop ? and(loop.broken, not(left.broken)) : FALSE;
    const continued = loop ? and(loop.continued, not(left.continued)) : FALSE;
    m.frame.done = left.done;
    if (loop)
        Object.assign(loop, { broken: left.broken, continued: left.continued });
    let all = or(or(normal, done), or(broken, continued));
    for (const { when } of escaped)
        all = or(all, when);
    m.pc = simplified(m, all);
    m.core.execute(m, node.finalbody);
    const through = m.pc;
    m.frame.done = or(m.frame.done, and(through, done));
    if (loop) {
        loop.broken = or(loop.broken, and(through, broken));
        loop.continued = or(loop.continued, and(through, continued));
    }
    m.pc = simplified(m, and(through, normal));
    for (const e of escaped)
        pass(m, { when: and(and(e.when, start), through), error: e.error });
}
/** Handlers of imports that fail are there for a package that is missing, and see nothing else that is unknown. */
function guards(node) {
    const names = node.handlers.map((h) => (h.type ? dottedName(h.type) : null));
    return names.some((name) => name === null || !/^(ImportError|ModuleNotFoundError)$/.test(name));
}
function executeGuarded(m, node) {
    const caught = catching(m, node.handlers.length > 0 && guards(node), () => m.core.execute(m, node.body));
    m.core.execute(m, node.orelse);
    let end = m.pc;
    for (const found of caught) {
        let rest = found.when;
        for (const [i, handler] of node.handlers.entries()) {
            m.pc = simplified(m, rest);
            if (!possible(m.pc))
                break;
            const last = i === node.handlers.length - 1;
            const fits = handler.type ? catches(m, narrow(m, evaluate(m, handler.type)), found.error, last) : TRUE;
            const taken = simplified(m, and(rest, fits));
            rest = and(rest, not(fits));
            if (!possible(taken))
                continue;
            m.pc = taken;
            if (handler.name)
                write(m, scopeFor(m, handler.name), handler.name, found.error);
            m.current.push(found.error);
            m.core.execute(m, handler.body);
            m.current.pop();
            if (handler.name && possible(m.pc))
                write(m, scopeFor(m, handler.name), handler.name, MISSING);
            end = or(end, m.pc);
        }
        m.pc = simplified(m, rest);
        if (possible(m.pc))
            raiseWhere(m, rest, found.error);
    }
    m.pc = simplified(m, end);
}
/** The condition under which a handler of these types catches an exception. */
function catches(m, types, error, last) {
    const fits = (o) => {
        if (o.t === "tuple")
            return o.items.reduce((any, item) => or(any, fits(narrow(m, item))), FALSE);
        if (o.t === "class")
            return fitsClass(m, o, error);
        // An exception of a package that we do not know: who wrote `except` for it alone expects it.
        if (o.t === "unknown")
            return last ? TRUE : fact(m, o.reason);
        return fact(m, "what an except clause names");
    };
    return fits(types);
}
function fitsClass(m, cls, error) {
    if (isUnknownError(error))
        return /^(Exception|BaseException)$/.test(cls.name)
            ? TRUE
            : fact(m, error.cls.unknownBase.reason);
    const line = lineage(error.cls);
    if (line.some((c) => c === cls || (c.name === cls.name && !c.scope.places && !cls.scope.places)))
        return TRUE;
    const open = line.find((c) => c.unknownBase)?.unknownBase ?? cls.unknownBase;
    return open ? fact(m, open.reason) : FALSE;
}
/** `raise` alone: the exception that is being handled. */
function reraise(m) {
    const error = m.current.at(-1);
    if (error)
        raiseWhere(m, m.pc, error);
    m.pc = FALSE;
}

;// CONCATENATED MODULE: ./build/src/python/core/with.js











/** What a with statement is given by `__enter__`. */
function enter(m, manager) {
    return each(m, manager, (o) => {
        if (o.t === "instance" && !o.cls.unknownBase)
            return callMethod(m, o, "__enter__", []);
        if (o.t === "instance" || o.t === "unknown")
            return gap(o.t === "unknown" ? o.reason : o.cls.name);
        return raiseProven(m, lacksAttribute(o, "__enter__"), "TypeError", `'${typeName(o)}' is no context manager`);
    });
}
/** Runs what stands in a with statement, then `__exit__`: it may swallow what was raised. */
function leaving(m, manager, inner) {
    const exit = manager.t === "instance" ? classSlot(m, manager.cls, "__exit__") : null;
    if (manager.t !== "instance" || exit?.t !== "func") {
        inner();
        return;
    }
    const leave = (type, error) => callFunction(m, exit, [manager, type, error, NONE], new Map());
    const caught = catching(m, false, inner);
    let end = m.pc;
    if (possible(m.pc)) {
        leave(NONE, NONE);
        end = m.pc;
    }
    for (const { when, error } of caught) {
        m.pc = simplified(m, when);
        if (!possible(m.pc))
            continue;
        const swallowed = truthOf(m, leave(error.cls, error));
        const after = m.pc;
        end = or(end, and(after, swallowed));
        m.pc = and(after, not(swallowed));
        if (possible(m.pc))
            raiseWhere(m, m.pc, error);
    }
    m.pc = simplified(m, end);
}

;// CONCATENATED MODULE: ./build/src/python/core/statements.js






















/** Executes statements in order, while there are worlds left to execute them. */
function execute(m, body) {
    for (const node of body) {
        if (!possible(m.pc))
            return;
        step(m);
        m.statement++;
        at(m, node);
        if (m.loose > 0)
            m.pc = widened(m);
        attempt(m, () => {
            executeOne(m, node);
            return NONE;
        });
    }
}
/** A statement that is not followed may have given its names any value. */
function executeOne(m, node) {
    try {
        executeKind(m, node);
    }
    catch (e) {
        if (e instanceof NotModelled)
            for (const name of assignedNames([node]))
                write(m, scopeFor(m, name), name, e.as);
        throw e;
    }
}
function executeKind(m, node) {
    switch (node.nodeType) {
        case "Expr":
            evaluate(m, node.value);
            return;
        case "Assign": {
            const v = evaluate(m, node.value);
            at(m, node);
            if (possible(m.pc))
                for (const target of node.targets)
                    assign_assign(m, target, v);
            return;
        }
        case "AnnAssign":
            if (m.frame.isClass && node.target.nodeType === "Name" && node.simple)
                annotate(m, node.target.id, node.annotation);
            if (!node.value)
                return;
            assign_assign(m, node.target, evaluate(m, node.value));
            return;
        case "AugAssign":
            augmented(m, node);
            return;
        case "If":
            executeIf(m, node);
            return;
        case "For":
            executeFor(m, node);
            return;
        case "While":
            executeWhile(m, node);
            return;
        case "Try":
        case "TryStar":
            executeTry(m, node);
            return;
        case "With":
        case "AsyncWith":
            executeWith(m, node.items, node.body);
            return;
        case "Match":
            executeMatch(m, node);
            return;
        case "FunctionDef":
        case "AsyncFunctionDef":
            defineFunction(m, node);
            return;
        case "ClassDef":
            defineClass(m, node);
            return;
        case "Import":
            for (const a of node.names)
                importPlain(m, a);
            return;
        case "ImportFrom":
            importFrom(m, node);
            return;
        case "Return":
            leave(m, node.value ? evaluate(m, node.value) : NONE);
            return;
        case "Raise":
            executeRaise(m, node);
            return;
        case "Assert": {
            const ok = truthOf(m, evaluate(m, node.test));
            raiseWhere(m, not(ok), makeError(m, "AssertionError", "assertion failed"));
            return;
        }
        case "Delete":
            for (const target of node.targets)
                statements_remove(m, target);
            return;
        case "Global":
            for (const name of node.names)
                m.frame.outer.set(name, moduleFrame(m.frame));
            return;
        case "Nonlocal":
            for (const name of node.names)
                m.frame.outer.set(name, definingFrame(m.frame, name));
            return;
        case "Break":
        case "Continue": {
            const loop = m.loops.at(-1);
            if (loop) {
                if (node.nodeType === "Break")
                    loop.broken = or(loop.broken, m.pc);
                else
                    loop.continued = or(loop.continued, m.pc);
            }
            m.pc = FALSE;
            return;
        }
        default:
            return;
    }
}
function moduleFrame(frame) {
    return frame.parent ? moduleFrame(frame.parent) : frame;
}
function definingFrame(frame, name) {
    for (let f = frame.parent; f; f = f.parent)
        if (f.scope.slots.has(name))
            return f;
    return frame;
}
function annotate(m, name, annotation) {
    const slots = m.frame.scope.slots;
    const known = slots.get("__annotations__") ?? values_dict(m.pc);
    slots.set("__annotations__", known);
    if (known.t === "dict")
        known.scope.slots.set(name, str(annotationText(annotation)));
}
function annotationText(node) {
    if (node.nodeType === "Name")
        return node.id;
    if (node.nodeType === "Attribute")
        return node.attr;
    if (node.nodeType === "Constant")
        return String(node.value);
    if (node.nodeType === "Subscript")
        return `${annotationText(node.value)}[${annotationText(node.slice)}]`;
    if (node.nodeType === "Tuple")
        return node.elts.map(annotationText).join(",");
    if (node.nodeType === "BinOp")
        return `${annotationText(node.left)}|${annotationText(node.right)}`;
    return "?";
}
function augmented(m, node) {
    const { target } = node;
    const op = node.op.nodeType;
    const change = (old) => {
        const by = evaluate(m, node.value);
        const made = each(m, old, (o) => inPlace(m, op, o, by));
        doubt(m, by);
        doubt(m, made);
        return made;
    };
    if (target.nodeType === "Name") {
        const v = change(lookup(m, target.id));
        if (possible(m.pc))
            assign_assign(m, target, v);
    }
    else if (target.nodeType === "Subscript") {
        const of = evaluate(m, target.value);
        const key = evaluate(m, target.slice);
        const v = change(getItem(m, of, key));
        if (possible(m.pc))
            setItem(m, of, key, v);
        touch(m, target.value);
    }
    else if (target.nodeType === "Attribute") {
        const v = change(evaluate(m, target));
        if (possible(m.pc))
            assign_assign(m, target, v);
    }
}
function executeIf(m, node) {
    const when = truthOf(m, evaluate(m, node.test));
    const start = m.pc;
    m.pc = simplified(m, and(start, when));
    execute(m, node.body);
    const after = m.pc;
    m.pc = simplified(m, and(start, not(when)));
    execute(m, node.orelse);
    m.pc = simplified(m, or(after, m.pc));
}
function executeWith(m, items, body) {
    const [first, ...rest] = items;
    if (!first) {
        execute(m, body);
        return;
    }
    const manager = evaluate(m, first.context_expr);
    if (!possible(m.pc))
        return;
    const inner = () => executeWith(m, rest, body);
    if (manager.t === "instance" && manager.cls.name === "suppress") {
        withHandler(m, inner, manager.scope.slots.get("types") ?? tuple([]));
        return;
    }
    const entered = enter(m, manager);
    if (first.optional_vars)
        assign_assign(m, first.optional_vars, entered);
    if (!possible(m.pc))
        return;
    leaving(m, manager, inner);
}
function executeMatch(m, node) {
    const subject = evaluate(m, node.subject);
    let rest = m.pc;
    let end = FALSE;
    for (const one of node.cases) {
        m.pc = rest;
        if (!possible(rest))
            break;
        const fits = matches(m, one.pattern, subject);
        m.pc = simplified(m, and(rest, fits));
        let taken = fits;
        if (one.guard && possible(m.pc)) {
            const guard = truthOf(m, evaluate(m, one.guard));
            taken = and(fits, guard);
            m.pc = simplified(m, and(rest, taken));
        }
        execute(m, one.body);
        end = or(end, m.pc);
        rest = simplified(m, and(rest, not(taken)));
    }
    m.pc = simplified(m, or(end, rest));
}
function executeRaise(m, node) {
    if (!node.exc) {
        reraise(m);
        return;
    }
    const error = evaluate(m, node.exc);
    if (node.cause)
        evaluate(m, node.cause);
    raiseValue(m, error);
}
function statements_remove(m, target) {
    if (target.nodeType === "Name") {
        doubt(m, lookup(m, target.id));
        if (possible(m.pc))
            write(m, scopeFor(m, target.id), target.id, MISSING);
    }
    else if (target.nodeType === "Subscript")
        deleteItem(m, evaluate(m, target.value), evaluate(m, target.slice));
    else if (target.nodeType === "Tuple")
        for (const t of target.elts)
            statements_remove(m, t);
    else if (target.nodeType === "Attribute")
        deleteAttribute(m, evaluate(m, target.value), target.attr);
}

;// CONCATENATED MODULE: ./build/src/python/evaluate.js
















const evaluate_MAX_ROUNDS = 3;
/**
 * Executes a settings module over every value its environment may have, without running any of it in Python.
 * Never throws for what the files hold.
 */
function evaluateSettings(input) {
    const files = new Set(input.tree.list());
    const folders = new Set();
    for (const f of files)
        for (let cut = f.lastIndexOf("/"); cut > 0; cut = f.lastIndexOf("/", cut - 1)) {
            const folder = f.slice(0, cut);
            if (folders.has(folder))
                break;
            folders.add(folder);
        }
    const interesting = new Map();
    const parsed = new Map();
    const machine = (trusting) => newMachine(input, files, folders, interesting, parsed, trusting);
    const result = rounds(input, () => machine(true));
    const outside = result.notes.some((n) => n.kind === "star-outside");
    return outside && !isComplete(result) ? rounds(input, () => machine(false)) : result;
}
/**
 * Has the project settings of its own, so that what it imports with a star from elsewhere is the defaults of an app?
 * A project that takes its apps or its middleware from elsewhere may take anything from there.
 */
function isComplete({ settings }) {
    const own = (name) => {
        const v = settings.get(name)?.value;
        return v !== undefined && v.t !== "unknown" && v.t !== "missing";
    };
    return own("INSTALLED_APPS") && own("ROOT_URLCONF") && (own("MIDDLEWARE") || own("MIDDLEWARE_CLASSES"));
}
function rounds(input, machine) {
    let result = null;
    for (let round = 0; round < evaluate_MAX_ROUNDS; round++) {
        const m = machine();
        result = runOnce(m, input);
        // A large project is looked at once more at most: what it compares with is found in the first round.
        if (lonely(m) && !result.exhausted)
            continue;
        if (!m.grown || result.exhausted || (round > 0 && m.steps > 20_000) || result.work > 200_000)
            break;
    }
    return result;
}
/** What stands below this file and needs what stands above it finds it on its machine. */
const CORE = { evaluate: evaluate, execute: execute, getAttribute: getAttribute, importByName: importByName, executeFile: executeFile };
function newMachine(input, files, folders, interesting, parsed, trusting) {
    const nowhere = { t: "place", file: "", line: 1, column: 1 };
    const module = { t: "module", name: "", scope: scope(), file: null, external: true };
    const base = importBase(files, input.root, input.settingsModule);
    const m = {
        core: CORE,
        tree: input.tree,
        files,
        folders,
        root: input.root,
        settingsModule: input.settingsModule,
        python: input.python ?? [3, 12],
        djangoVersion: input.djangoVersion ?? ASSUMED_DJANGO,
        pc: TRUE,
        allowed: new Map(),
        survivors: [],
        dead: false,
        outside: new Map(),
        handlers: [],
        variables: [],
        byName: new Map(),
        given: { DJANGO_SETTINGS_MODULE: input.settingsModule, ...input.environment },
        provided: new Set(input.provided),
        interesting,
        grown: false,
        environment: scope(),
        reads: [],
        modules: new Map(),
        builtins: new Map(),
        exceptions: builtinExceptions(),
        deaths: [],
        parsed,
        executed: [],
        pythonFolders: new Map(),
        sysPath: list([input.root, ...(base === null ? [] : [base])].map((folder) => str(treePath(folder)))),
        problems: [],
        trusting,
        notes: [],
        loops: [],
        loose: 0,
        raising: false,
        current: [],
        here: nowhere,
        callers: [],
        written: scope(),
        hostFiles: new Map(),
        frame: topFrame(module, [], ""),
        depth: 0,
        nested: 0,
        steps: 0,
        statement: 0,
        doubts: 0,
        packages: input.packages,
    };
    m.builtins = builtins(m);
    return m;
}
const tooLong = () => unknown("the settings are too long to follow");
function runOnce(m, input) {
    const found = findModule(m, input.settingsModule);
    let exhausted = false;
    startWork();
    try {
        if (found?.file)
            loadModule(m, input.settingsModule);
        applyConfiguration(m);
    }
    catch (e) {
        if (!(e instanceof OutOfSteps || e instanceof OutOfWork || e instanceof RangeError))
            throw e;
        exhausted = true;
    }
    const work = workDone();
    renewWork();
    const module = m.modules.get(input.settingsModule)?.module;
    const settings = new Map();
    for (const [name, v] of module?.scope.slots ?? []) {
        if (!/^[A-Z][A-Z0-9_]*$/.test(name))
            continue;
        const value = exhausted ? tooLong() : living(m, v);
        if (value.t !== "missing")
            settings.set(name, { value, place: module?.scope.places?.get(name) ?? null });
    }
    const open = module?.scope.slots.get("\0open");
    return {
        file: found?.file ?? null,
        settings,
        open: exhausted ? tooLong() : open?.t === "unknown" && !open.trusted ? open : null,
        alive: m.dead ? FALSE : TRUE,
        deaths: m.deaths,
        variables: m.variables,
        reads: m.reads,
        files: m.executed,
        problems: m.problems,
        notes: m.notes,
        defaults: djangoDefaults(m.djangoVersion),
        parsed: m.parsed,
        exhausted,
        work,
        machine: m,
    };
}
/** django-configurations: the settings are those of a class; its importer copies them into the module. */
function applyConfiguration(m) {
    const module = m.modules.get(m.settingsModule)?.module;
    const library = m.modules.get("configurations")?.module;
    const base = library?.scope.slots.get("Configuration");
    const apply = library?.scope.slots.get("_apply");
    if (!module || base?.t !== "class" || !apply)
        return;
    const classes = [...module.scope.slots.values()].filter((v) => v.t === "class" && v !== base && lineage(v).includes(base));
    const wanted = m.given.DJANGO_CONFIGURATION;
    const chosen = classes.find((c) => c.name === wanted) ?? classes.find((c) => /^prod/i.test(c.name)) ?? classes[0];
    if (!chosen)
        return;
    callValue(m, apply, [chosen, namespaceDict(module.scope)]);
    // The statement that decided a setting is the class's own, not the one that copied it.
    for (const cls of lineage(chosen).reverse())
        for (const [name, place] of cls.scope.places ?? [])
            if (module.scope.slots.has(name))
                module.scope.places?.set(name, place);
}

;// CONCATENATED MODULE: ./build/src/lint/judge.js










const since = (j, major, minor = 0) => atLeast(j.version, major, minor);
/** The effective value of a setting, Django's default where it is not set. */
function setting(j, name) {
    const own = j.evaluation.settings.get(name)?.value ?? MISSING;
    const otherwise = () => {
        if (j.evaluation.open)
            return unknown(j.evaluation.open.reason);
        return j.evaluation.defaults.get(name) ?? MISSING;
    };
    if (own.t === "missing")
        return otherwise();
    if (own.t !== "choice" || !leaves(own).some((o) => o.t === "missing"))
        return own;
    const fallback = otherwise();
    return pure(j.m, [own], ([o]) => (o?.t === "missing" ? fallback : o));
}
/** Is the setting given by the project, in which worlds? */
function isSet(j, name) {
    const own = j.evaluation.settings.get(name)?.value;
    const given = own ? toCondition(narrow(j.m, own), (o) => o.t !== "missing") : FALSE;
    return j.evaluation.open && !own ? factAbout(j.m, j.evaluation.open, `sets ${name}`) : given;
}
/** The condition that a test holds; unknown values make it a question of their own. */
function holds(j, v, test, question) {
    const found = pure(j.m, [v], ([o]) => {
        if (!o || o.t === "unknown")
            return factAbout(j.m, o, question);
        const answer = test(o);
        return typeof answer === "boolean" ? bool(answer) : answer;
    });
    return asCondition(j.m, found);
}
const isTruthy = (j, name) => truth(j.m, setting(j, name));
/** `settings.NAME is True`, as Django's checks ask. */
function isExactlyTrue(j, name) {
    return pure(j.m, [setting(j, name)], ([o]) => {
        if (o?.t === "bool")
            return o;
        if (o?.t !== "unknown")
            return FALSE;
        if (o.type === undefined)
            return factAbout(j.m, o, "is True");
        return o.type === "bool" ? factAbout(j.m, o, "truth") : FALSE;
    });
}
/** Every element of a list or tuple setting, with the condition under which it is in; splats stay unknown. */
function judge_elements(j, v) {
    const found = [];
    const add = (item, when) => {
        const known = found.find((f) => f.item.t === "str" && item.t === "str" && f.item.v === item.v);
        if (known)
            known.when = or(known.when, when);
        else
            found.push({ item, when });
    };
    const whole = narrow(j.m, v);
    for (const o of leaves(whole)) {
        const here = toCondition(whole, (x) => x === o);
        const content = contentOf(o);
        if (!content)
            continue;
        const inside = restrict(living(j.m, content), here);
        for (const t of leaves(inside)) {
            const thereT = and(here, toCondition(inside, (x) => x === t));
            for (const { item, when } of itemsIn(t).flatMap((x) => elementsOf(x) ?? [{ item: x, when: TRUE }])) {
                const inT = and(thereT, when);
                const own = restrict(narrow(j.m, item), inT);
                for (const leaf of leaves(own))
                    add(leaf, and(inT, toCondition(own, (x) => x === leaf)));
            }
        }
    }
    return found;
}
/** `text in settings.NAME`. */
function listed(j, name, text) {
    const found = pure(j.m, [setting(j, name)], ([o]) => {
        if (!o || o.t === "unknown")
            return factAbout(j.m, (o ?? unknown(name)), `has ${text}`);
        if (o.t === "str")
            return bool(o.v.includes(text));
        const content = contentOf(o);
        if (!content)
            return FALSE;
        return pure(j.m, [content], ([c]) => memberOf(j.m, str(text), itemsIn(c)));
    });
    return asCondition(j.m, found);
}
const hasMiddleware = (j, path) => listed(j, "MIDDLEWARE", path);
const hasApp = (j, name) => listed(j, "INSTALLED_APPS", name);
/** The items of a list that is known for certain, else null. */
function certainItems(v) {
    if (v.t === "tuple")
        return v.items;
    if ((v.t === "list" || v.t === "set") && v.content.t === "tuple")
        return v.content.items;
    return null;
}
/** `v["a"]["b"]…`, MISSING where a part is not there, unknown where it is not known. */
function judge_within(j, v, ...path) {
    let out = v;
    for (const key of path)
        out = pure(j.m, [out], ([o]) => {
            if (o?.t === "unknown")
                return unknown(o.reason, o.from ? { from: o.from } : {});
            if (o?.t !== "dict")
                return MISSING;
            const slot = o.scope.slots.get(key);
            if (slot)
                return pure(j.m, [slot], ([x]) => x?.t === "missing" && o.open ? unknown(o.open.reason) : x);
            return o.open ? unknown(o.open.reason) : MISSING;
        });
    return out;
}


;// CONCATENATED MODULE: ./build/src/lint/rules/assume.js
/** Said by src/lint/assume, of what djdeploy.yml states. */
const assumeWrongRule = {
    id: "djdeploy.assume-wrong",
    level: "error",
    title: "A stated fact is not so",
    why: "lint.assume in djdeploy.yml states the value of a setting that the settings decide for certain, and otherwise. Whatever rests on the statement would be judged by something that is not there.",
    fix: "correct the statement, or take it out of lint.assume",
    check: () => [],
};
const assumeUnusedRule = {
    id: "djdeploy.assume-unused",
    level: "warning",
    title: "A fact is stated that is known anyway",
    why: "lint.assume is used only where the value of a setting is not known. Here it is known, or the environment decides it, so nothing rests on the statement; it would hide nothing today, and mislead whoever reads it.",
    fix: "take it out of lint.assume",
    check: () => [],
};
const assumeRules = [assumeWrongRule, assumeUnusedRule];

;// CONCATENATED MODULE: ./build/src/lint/secret-names.js
const SECRET = /SECRET|PASSWORD|TOKEN|API_?KEY|PRIVATE|CREDENTIAL|DSN|ACCESS_KEY|_KEY$/;
/** Does the name say that its value must not be shown? */
const isSecret = (name) => SECRET.test(name);

;// CONCATENATED MODULE: ./build/src/lint/values-in-words.js

/** Texts that casts know. */
const FLAGS = ["True", "False", "1", "0"];
const MOST = 4;
/**
 * The values of its only variable for which a condition holds; no words where it has several. Texts that we made up to
 * stand for others are not told: that "kD7v…" fails says nothing to anybody.
 */
function valuesInWords(e, when) {
    const none = { values: null, anyShort: false };
    if (when.t !== "choice" || when.edges.some((x) => x.to.t === "choice"))
        return none;
    const v = e.variables[when.at];
    if (v?.kind !== "env")
        return none;
    const mask = when.edges.find((x) => always(x.to))?.mask ?? 0;
    const tried = v.values.slice(0, 30);
    const fails = tried.filter((_, i) => mask & (1 << i));
    const passes = tried.filter((_, i) => !(mask & (1 << i)));
    if (fails.length === 0)
        return none;
    const orUnset = fails.some(isUnset) ? ", or not set" : "";
    const say = (words) => ({ values: `${v.name} ${words}`, anyShort: false });
    if (passes.every(isBlank) && !fails.some(isBlank))
        return say("has any non-empty value, 'False' included");
    if (passes.length === 1 && passes.every(isUnset))
        return say("has any value");
    const told = toldOf(fails);
    if (told.length === 0)
        return orUnset ? say("is not set") : none;
    const flags = FLAGS.filter((flag) => fails.some(({ text }) => text === flag));
    if (flags.length === FLAGS.length) {
        const right = toldOf(passes).filter((text) => text !== "");
        if (right.length > 0 && !passes.some(isMadeUp))
            return say(`is anything but ${listOf(right)}${orUnset}`);
        return { values: null, anyShort: passes.some(isMadeUp) };
    }
    if (flags.join() === "True,False" && passes.some(({ text }) => text === "0"))
        return say(`is no number${orUnset}`);
    const others = fails.length > Math.min(told.length, MOST) + (orUnset ? 1 : 0) ? " and others" : "";
    return say(`is ${listOf(told)}${others}${orUnset}`);
}
const isMadeUp = ({ origin }) => origin === "made-up";
const isUnset = ({ text }) => text === null;
const isBlank = ({ text }) => text === null || text === "";
const toldOf = (among) => among.flatMap((one) => (one.text === null || isMadeUp(one) || one.text.length >= 40 ? [] : [one.text]));
const listOf = (texts) => texts
    .slice(0, MOST)
    .map((text) => (text === "" ? "empty" : `'${text}'`))
    .join(", ");

;// CONCATENATED MODULE: ./build/src/lint/verdict.js




/** What a condition comes to over all worlds; null = it never holds: passed. */
function verdictOf(e, when, everywhere = false) {
    const here = everywhere ? when : living(e.machine, when);
    if (!possible(here))
        return null;
    if (always(here))
        return { certainty: "certain", dependsOn: [] };
    const { names, reason } = dependencies(e, here);
    const dependsOn = names.map((name) => dependency(e, name));
    if (reason !== null)
        return { certainty: "unknown", dependsOn, reason };
    const { values, anyShort } = valuesInWords(e, here);
    return {
        certainty: "depends",
        dependsOn,
        ...(values ? { values } : {}),
        ...(anyShort ? { anyShort } : {}),
        whenUnset: whenUnset(e, everywhere ? when : ite(aliveAbout(e.machine, support(when)), when, MISSING)) === true,
    };
}
/** The variables a condition depends on, and the reason of what is not known in it. */
function dependencies(e, when) {
    const names = new Set();
    let reason = null;
    const visit = (at) => {
        const v = e.variables[at];
        if (v?.kind === "env")
            names.add(v.name);
        else if (v && v.from.size > 0)
            for (const x of v.from)
                visit(x);
        else if (v)
            reason ??= v.reason;
    };
    for (const at of support(when))
        visit(at);
    return { names: [...names], reason };
}
function dependency(e, name) {
    const reads = e.reads.filter((r) => r.name === name);
    const read = reads.find((r) => r.default !== null) ?? reads[0];
    return { name, default: read?.default ?? null, cast: reads.find((r) => r.cast !== null)?.cast ?? null };
}
/**
 * Does it hold while nothing is set that need not be? Variables that must be set, and facts that are not known, are
 * given the benefit of the doubt. Null in worlds in which the settings do not load.
 */
function whenUnset(e, when) {
    if (when.t !== "choice")
        return when.t === "missing" ? null : always(when);
    const edge = unsetEdge(e, when);
    const unset = edge ? whenUnset(e, edge.to) : null;
    if (unset !== null)
        return unset;
    const others = when.edges.map((x) => whenUnset(e, x.to)).filter((x) => x !== null);
    return others.length === 0 ? null : others.every((x) => x);
}
/** The edge of a choice on a variable that holds while it is not set; none where it always is, or must be. */
function unsetEdge(e, c) {
    const v = e.variables[c.at];
    return v?.kind === "env" && v.values[0]?.text === null ? c.edges.find((x) => x.mask & 1) : undefined;
}
/** The value while no variable is set; null where one has to be. */
function whileUnset(e, v) {
    if (v.t !== "choice")
        return v;
    const edge = unsetEdge(e, v);
    return edge ? whileUnset(e, edge.to) : null;
}
/**
 * Is it the project's own what is there in the worlds of a condition? Only where it is there in one in which every
 * variable is unset or holds a text of the project's: else it may be made of a text that we only try.
 */
function isOwn(e, when) {
    const here = living(e.machine, when);
    const seen = new Map();
    const walk = (v) => {
        if (v.t !== "choice")
            return always(v);
        const before = seen.get(v.id);
        if (before !== undefined)
            return before;
        const about = e.variables[v.at];
        const own = about?.kind === "env"
            ? about.values.reduce((mask, { origin }, i) => (origin === "project" ? mask | (1 << i) : mask), 0)
            : 0x7fffffff;
        const found = v.edges.some((x) => (x.mask & own) !== 0 && walk(x.to));
        seen.set(v.id, found);
        return found;
    };
    return walk(here);
}
/** Where a setting was decided in the worlds in which a condition holds. */
function placeOf(e, name, when) {
    const places = e.settings.get(name)?.place;
    if (!places)
        return null;
    const here = living(e.machine, restrict(places, when));
    const holding = cases(here).find(({ leaf, when: there }) => leaf.t === "place" && possible(there));
    return holding?.leaf.t === "place" ? holding.leaf : null;
}

;// CONCATENATED MODULE: ./build/src/lint/assume/values.js


const assumptionsOf = (assume) => Object.entries(assume ?? {}).map(([name, said]) => ({ name, said }));
/** What a list keeps, of `keeps django.middleware.security.SecurityMiddleware, …`; null for a value. */
function keeps(said) {
    const found = typeof said === "string" ? /^keeps\s+(\S.*)$/.exec(said)?.[1] : undefined;
    return found?.split(/[\s,]+/).filter(Boolean) ?? null;
}
/** A value of djdeploy.yml as Python's. */
function objectOf(said) {
    if (said === null || said === undefined)
        return NONE;
    if (typeof said === "boolean")
        return said ? TRUE : FALSE;
    if (typeof said === "number")
        return num(said, !Number.isInteger(said));
    if (Array.isArray(said))
        return list(said.map(objectOf));
    if (typeof said !== "object")
        return str(String(said));
    const made = values_dict();
    for (const [key, v] of Object.entries(said))
        made.scope.slots.set(key, objectOf(v));
    return made;
}
const isSplat = (v) => v.t === "unknown" && v.splat === true && !v.among;
/** What is known of a list's content, with the stated elements where the rest of it is not known. */
function kept(content, names) {
    return mapped(content, (o) => {
        const items = itemsIn(o);
        if (!items.some(isSplat))
            return o;
        return tuple(items.flatMap((item) => (isSplat(item) ? [...names.map(str), item] : [item])));
    });
}
/** The value with what is stated in the place of what is not known; what is known stays as it is. */
function filled(v, said) {
    const names = keeps(said);
    return mapped(v, (o) => {
        if (o.t === "unknown") {
            if (names === null)
                return objectOf(said);
            return { ...list([]), content: tuple([...names.map(str), { ...o, splat: true }]) };
        }
        if (o.t !== "list" && o.t !== "set" && o.t !== "tuple")
            return o;
        const content = o.t === "tuple" ? o : o.content;
        const open = leaves(content).some((c) => itemsIn(c).some(isSplat));
        if (!open)
            return o;
        if (names === null)
            return objectOf(said);
        const whole = kept(content, names);
        return o.t === "tuple" ? whole : { ...o, content: whole };
    });
}
/** Is a part of it not known, which a statement could fill? */
function hasGap(v) {
    return leaves(v).some((o) => {
        if (o.t === "unknown")
            return true;
        if (o.t === "tuple")
            return o.items.some(isSplat);
        if (o.t === "list" || o.t === "set")
            return leaves(o.content).some((c) => itemsIn(c).some(isSplat));
        return false;
    });
}

;// CONCATENATED MODULE: ./build/src/lint/assume/contradicts.js


/** Does what is known for certain say something else? */
function contradicts(v, { said }) {
    const names = keeps(said);
    const known = leaves(v).filter((o) => o.t !== "unknown");
    if (known.length === 0 || leaves(v).length > known.length)
        return false;
    return known.every((o) => (names === null ? differs(o, objectOf(said)) : lacksSome(o, names)));
}
/** The items of a sequence, null where some are not known. */
function contradicts_itemsOf(o) {
    const content = o.t === "tuple" ? o : o.t === "list" || o.t === "set" ? o.content : null;
    return content?.t === "tuple" ? content.items : null;
}
function lacksSome(o, names) {
    if (o.t !== "tuple" && o.t !== "list" && o.t !== "set")
        return true;
    const items = contradicts_itemsOf(o);
    if (!items || items.some((item) => item.t === "unknown" || item.t === "choice"))
        return false;
    return names.some((name) => !items.some((item) => item.t === "str" && item.v === name));
}
/** Are two values certainly not equal? What is not known in one may be the other. */
function differs(a, b) {
    if (a.t === "choice" || a.t === "unknown" || b.t === "choice" || b.t === "unknown")
        return false;
    const [left, right] = [contradicts_itemsOf(a), contradicts_itemsOf(b)];
    if (left && right) {
        if (left.some(isSplat)) {
            // What is known to be in it has to be in what is said.
            const all = right;
            return left.some((x) => !isSplat(x) && all.every((y) => differs(x, y)));
        }
        if (left.some((x) => x.t === "unknown"))
            return false;
        return left.length !== right.length || left.some((x, i) => differs(x, right[i]));
    }
    if (a.t === "dict" && b.t === "dict") {
        if ([...a.scope.slots].some(([key, x]) => differsIn(x, b.scope.slots.get(key))))
            return true;
        return !a.open && [...b.scope.slots.keys()].some((key) => !a.scope.slots.has(key));
    }
    if (a.t === "list" || a.t === "set" || a.t === "instance")
        return a.t === "instance" ? false : contradicts_itemsOf(a) !== null;
    if ("v" in a && "v" in b)
        return a.v !== b.v || (a.t === "str") !== (b.t === "str");
    return a.t !== b.t;
}
const differsIn = (x, y) => x.t !== "missing" && (y === undefined ? x.t !== "choice" && x.t !== "unknown" : differs(x, y));

;// CONCATENATED MODULE: ./build/src/lint/assume/index.js








/**
 * Gives the settings of a judge the stated values where they are not known, and judges again. What is found only
 * then is never certain: it is somebody's word. What is known already needs no statement, or speaks against it.
 */
function withAssumptions(j, plain, again) {
    const all = assumptionsOf(j.input.assume);
    const own = [];
    const used = [];
    for (const one of all) {
        const v = living(j.m, setting(j, one.name));
        if (contradicts(v, one))
            own.push(wrong(j, one));
        else if (hasGap(v))
            used.push(one);
        else
            own.push(unused(j, one));
    }
    const assumed = used.map((one) => {
        const found = assuming(j, [one], again, true);
        const value = isSecret(one.name) ? null : withoutSecrets(one.said);
        return { setting: one.name, value, restsOn: assume_settled(plain, found) };
    });
    const found = used.length > 0 ? assuming(j, used, again, false) : plain;
    return { findings: [...found.map((f) => byWord(f, plain, used)), ...own], assumed };
}
/** What stands under the name of a secret is not repeated. */
function withoutSecrets(said) {
    if (Array.isArray(said))
        return said.map(withoutSecrets);
    if (typeof said !== "object" || said === null)
        return said;
    const entries = Object.entries(said);
    return Object.fromEntries(entries.map(([key, v]) => [key, isSecret(key.toUpperCase()) ? "***" : withoutSecrets(v)]));
}
function assuming(j, used, again, back) {
    const { settings } = j.evaluation;
    const before = new Map(settings);
    for (const { name, said } of used) {
        const value = filled(living(j.m, setting(j, name)), said);
        settings.set(name, { value, place: before.get(name)?.place ?? null });
        j.assumed.add(name);
    }
    const found = again();
    if (!back)
        return found;
    for (const { name } of used) {
        const old = before.get(name);
        if (old)
            settings.set(name, old);
        else
            settings.delete(name);
        j.assumed.delete(name);
    }
    return found;
}
const isSame = (a, b) => a.id === b.id && a.setting === b.setting && a.line === b.line && a.file === b.file;
/** The ids that were not known, and are. */
function assume_settled(plain, found) {
    const open = plain.filter((f) => f.certainty === "unknown");
    const left = open.filter((f) => !found.some((g) => g.certainty === "unknown" && isSame(f, g)));
    return [...new Set(left.flatMap((f) => [f.id, ...f.also]))].sort();
}
function byWord(f, plain, used) {
    const alone = plain.some((g) => isSame(f, g) && g.certainty === f.certainty && g.message === f.message);
    if (alone || f.certainty === "unknown")
        return f;
    const names = used.map((one) => one.name).join(", ");
    return {
        ...f,
        certainty: "depends",
        message: `${f.message}, as far as lint.assume is right about ${names}`,
    };
}
function wrong(j, one) {
    const place = placeOf(j.evaluation, one.name, TRUE);
    const { file, line } = spoken(j, one.name);
    const otherwise = j.evaluation.defaults.has(one.name) ? "Django's default is another" : "nothing sets it";
    const against = place?.file ? `${place.file}:${place.line} sets another value` : otherwise;
    return {
        ...finding(assumeWrongRule, one.name),
        message: `lint.assume is wrong about ${one.name}, at ${file}:${line}: ${against}`,
        file: place?.file || file,
        line: place?.file ? place.line : line,
    };
}
function unused(j, one) {
    return {
        ...finding(assumeUnusedRule, one.name),
        message: `lint.assume states ${one.name}, which is known without it`,
        ...spoken(j, one.name),
    };
}
const finding = ({ id, level, fix }, name) => ({
    id,
    level,
    message: "",
    hint: fix,
    file: "djdeploy.yml",
    line: 1,
    column: 1,
    setting: name,
    certainty: "certain",
    dependsOn: [],
    also: [],
    docs: null,
});
/** The line of djdeploy.yml that states it; the first where the file is not among those that are judged. */
function spoken(j, name) {
    const lines = j.input.files.read("djdeploy.yml")?.split("\n") ?? [];
    const start = lines.findIndex((line) => /^\s*assume\s*:/.test(line));
    const own = lines.findIndex((line, i) => i >= start && new RegExp(`(?:^|[\\s{,"'])${name}["']?\\s*:`).test(line));
    return { file: "djdeploy.yml", line: start >= 0 && own >= 0 ? own + 1 : 1 };
}

;// CONCATENATED MODULE: ./build/src/lint/docs.js

/** The page about a rule, in the documentation of this version of Django; null where there is none. */
function docsOf(rule, version) {
    if (!rule.docs)
        return null;
    if (rule.docs.startsWith("http"))
        return rule.docs;
    const [a, b] = versionOf(version) ?? [5, 2];
    return `https://docs.djangoproject.com/en/${a}.${b}/${rule.docs}`;
}

;// CONCATENATED MODULE: ./build/src/lint/fix/text.js
function sourceText(text) {
    const starts = [0];
    for (const found of text.matchAll(/\r\n|\r|\n/g))
        starts.push(found.index + found[0].length);
    const mark = text.startsWith("\uFEFF") ? 1 : 0;
    const offset = (line, column) => (starts[line - 1] ?? text.length) + (line === 1 ? mark : 0) + column;
    return {
        text,
        newline: /\r\n|\r|\n/.exec(text)?.[0] ?? "\n",
        range: (span) => [
            offset(span.lineno, span.col_offset),
            offset(span.end_lineno ?? span.lineno, span.end_col_offset ?? span.col_offset),
        ],
        afterLine: (line) => starts[line] ?? text.length,
        startOfLine: (line) => (starts[line - 1] ?? text.length) + (line === 1 ? mark : 0),
        lineAt: (at) => starts.findLastIndex((s) => s <= at) + 1,
    };
}
/** The blanks or tabs before a node that begins its line; "" for one that does not. */
function marginOf(source, node) {
    const before = source.text.slice(source.startOfLine(node.lineno), source.range(node)[0]);
    return before.trim() === "" ? before : "";
}
/** The text with all changes made; they must not overlap. */
function applyEdits(text, edits) {
    let out = text;
    for (const { start, end, text: own } of [...edits].sort((a, b) => b.start - a.start))
        out = out.slice(0, start) + own + out.slice(end);
    return out;
}

;// CONCATENATED MODULE: ./build/src/lint/fix/place.js



/** The settings module; null when it is no file of the project that may be written. */
function targetOf(e) {
    const { file, machine } = e;
    const module = machine.modules.get(machine.settingsModule)?.module;
    const text = file === null ? null : machine.tree.read(file);
    const parsed = file === null ? undefined : e.parsed.get(file);
    if (!module || file === null || text === null || !parsed || !place_isOwn(file, text))
        return null;
    return {
        module,
        file,
        body: parsed.body,
        source: sourceText(text),
        holder: holderOf(e, module, parsed.body),
    };
}
/** Written by people of this project: no package that was copied in, and nothing that a program writes. */
function place_isOwn(file, text) {
    if (/(?:^|\/)(?:site-packages|node_modules|vendor(?:ed)?|third_party|\.?venv)\//.test(file))
        return false;
    return !/^\s*#.*(?:generated by|auto-?generated|do not edit)/im.test(text.split(/\r?\n/, 10).join("\n"));
}
function holderOf(e, module, body) {
    const chosen = configurationOf(e, module);
    const node = body.find((s) => s.nodeType === "ClassDef" && s.name === chosen?.name);
    return node?.nodeType === "ClassDef" ? node : null;
}
/** The class of django-configurations that is deployed; null for other projects. */
function configurationOf(e, module) {
    const base = e.machine.modules.get("configurations")?.module.scope.slots.get("Configuration");
    if (base?.t !== "class")
        return null;
    const classes = [...module.scope.slots.values()].filter((v) => v.t === "class" && v !== base && lineage(v).includes(base));
    const wanted = e.machine.given["DJANGO_CONFIGURATION"];
    return (classes.find((c) => c.name === wanted) ?? classes.find((c) => /^prod/i.test(c.name)) ?? classes[0] ?? null);
}
const FAMILY = /^(?:SECURE_|SESSION_COOKIE_|CSRF_COOKIE_)/;
/**
 * Edits that put a line into the settings module, likeliest place first: beside settings of its family, before what
 * lets a file of the host have the last word, at the end. `needs`: names that must be bound above.
 */
function insertions(target, setting, line, needs) {
    const { holder, source, file } = target;
    if (holder) {
        const last = holder.body.at(-1);
        if (!last)
            return [];
        return [insertAfter(file, source, last, line.replace(/^/gm, marginOf(source, last)), false)];
    }
    const { body } = target;
    const bound = Math.max(-1, ...needs.map((name) => firstBinding(body, name)));
    const after = (i, spaced) => {
        const statement = body[i];
        return statement && i >= bound ? insertAfter(file, source, statement, line, spaced) : null;
    };
    const family = FAMILY.test(setting)
        ? body.findLastIndex((s) => bindings(s).some((name) => FAMILY.test(name)))
        : -1;
    let end = body.length - 1;
    while (end >= 0 && givesTheLastWord(body[end]))
        end--;
    const edits = [after(family, false), after(end, true), after(body.length - 1, true)];
    return edits.filter((edit, i) => edit !== null && edits.findIndex((x) => x?.start === edit.start) === i);
}
/** Where a name is first bound; a name that is not comes by the first star import. */
function firstBinding(body, name) {
    const own = body.findIndex((s) => bindings(s).includes(name));
    return own >= 0 ? own : body.findIndex((s) => bindings(s).includes("*"));
}
/** Brings names from elsewhere at the end of a module, so that they win: nothing is put after it. */
function givesTheLastWord(statement) {
    for (const { node } of walk([statement])) {
        if (node.nodeType === "ImportFrom" && node.names.some((a) => a.name === "*"))
            return true;
        if (node.nodeType !== "Call")
            continue;
        const { func } = node;
        const name = func.nodeType === "Name" ? func.id : func.nodeType === "Attribute" ? func.attr : "";
        if (/^(?:exec|execfile|include|settings|load_settings|update)$/.test(name))
            return true;
    }
    return false;
}
function insertAfter(file, source, node, line, spaced) {
    const at = source.afterLine(node.end_lineno ?? node.lineno);
    const open = at > 0 && !/[\r\n]$/.test(source.text.slice(0, at));
    const { newline } = source;
    const before = `${open ? newline : ""}${spaced ? newline : ""}`;
    const own = line.split("\n").join(newline);
    return { file, start: at, end: at, text: `${before}${own}${newline}` };
}

;// CONCATENATED MODULE: ./build/src/lint/fix/statement.js



/** The assignments of a name in a file of the project that may be written. */
function assignmentsOf(e, file, name) {
    const text = e.machine.tree.read(file);
    const parsed = e.parsed.get(file);
    if (text === null || !parsed || !place_isOwn(file, text))
        return [];
    const found = [];
    let source = null;
    for (const { node, around } of walk(parsed.body)) {
        if (node.nodeType !== "Assign" && node.nodeType !== "AnnAssign")
            continue;
        if (!node.value || bindings(node).join() !== name)
            continue;
        source ??= sourceText(text);
        found.push({ node, value: node.value, file, source, around });
    }
    return found;
}
/** The assignment that stands at a place. */
function assignmentAt(e, file, line, name) {
    return assignmentsOf(e, file, name).find((a) => a.node.lineno === line) ?? null;
}
/** The source of an expression. */
function statement_textOf({ source }, node) {
    return source.text.slice(...source.range(node));
}

;// CONCATENATED MODULE: ./build/src/lint/fix/casts.js




const casts_TEXT = /^djdeploy\.(?:debug|secure-.*|session-.*|csrf-.*)-text$/;
/** A flag that is read as a text gets the cast it lacks: 'False' turns it off. */
const castFixer = (j, finding) => {
    const { setting: name, dependsOn } = finding;
    const isText = [finding.id, ...finding.also].some((id) => casts_TEXT.test(id));
    const isBool = finding.id === "security.W018" && finding.certainty === "depends";
    const variable = dependsOn[0]?.name;
    if (!(isText || isBool) || !name || dependsOn.length !== 1 || variable === undefined)
        return [];
    const own = assignmentAt(j.evaluation, finding.file, finding.line, name);
    // Only where 'False' counts as on today.
    if (!own || !isOn(j, name, variable))
        return [];
    const [start, end] = own.source.range(own.value);
    return castsOf(own).map((value) => ({
        code: `${name} = ${value}`,
        file: own.file,
        line: own.node.lineno,
        automatic: true,
        edits: [{ file: own.file, start, end, text: value }],
        sets: [name],
        reveals: [],
        variables: [],
        corrects: variable,
        settled: (after) => isFlag(after, name) && isOff(after, name, variable),
    }));
};
/** The expressions that may take its place, likeliest first. */
function castsOf(own) {
    const inner = withoutBool(own.value);
    const text = statement_textOf(own, inner);
    const quote = text.includes('"') || !text.includes("'") ? '"' : "'";
    const yes = ["1", "true", "yes"].map((one) => `${quote}${one}${quote}`).join(", ");
    const compared = (read) => `${read}.lower() in (${yes})`;
    if (inner.nodeType === "Subscript" && /(?:^|\.)environ$/.test(dottedName(inner.value) ?? ""))
        return [compared(text)];
    const callee = inner.nodeType === "Call" ? dottedName(inner.func) : null;
    if (inner.nodeType !== "Call" || !callee)
        return [];
    const [name, second] = inner.args;
    if (name?.nodeType !== "Constant" || typeof name.value !== "string")
        return [];
    if (/(?:^|\.)(?:environ\.get|getenv)$/.test(callee)) {
        const otherwise = second ?? inner.keywords.find((k) => k.arg === "default")?.value;
        const shown = casts_defaultText(own, otherwise, quote);
        return shown === null ? [] : [compared(`${callee}(${statement_textOf(own, name)}, ${shown})`)];
    }
    if (inner.keywords.some((k) => k.arg === "cast"))
        return [];
    const open = `${text.slice(0, -1).replace(/,\s*$/, "")}`;
    const rest = withFlag(own, inner).slice(statement_textOf(own, inner.func).length);
    return [`${open}, cast=bool)`, `${callee}.bool${rest}`, `${callee.replace(/\.\w+$/, "")}.bool${rest}`];
}
/** A call with its default as a flag: a method that reads flags gives its default back as it is. */
function withFlag(own, call) {
    const otherwise = call.args[1] ?? call.keywords.find((k) => k.arg === "default")?.value;
    const text = statement_textOf(own, call);
    if (otherwise?.nodeType !== "Constant" || typeof otherwise.value !== "string")
        return text;
    const [from] = own.source.range(call);
    const [start, end] = own.source.range(otherwise);
    const flag = /^(?:1|true|yes|on)$/i.test(otherwise.value) ? "True" : "False";
    return `${text.slice(0, start - from)}${flag}${text.slice(end - from)}`;
}
/** `bool(x)` of a text is what has to go. */
function withoutBool(value) {
    const [only] = value.nodeType === "Call" ? value.args : [];
    return value.nodeType === "Call" && dottedName(value.func) === "bool" && only ? only : value;
}
/** A default as the text that a variable would hold; null where it is no constant. */
function casts_defaultText(own, otherwise, quote) {
    if (otherwise === undefined)
        return quote + quote;
    if (otherwise.nodeType !== "Constant")
        return null;
    if (typeof otherwise.value === "string")
        return statement_textOf(own, otherwise);
    return otherwise.value === true || otherwise.value === 1 ? `${quote}True${quote}` : quote + quote;
}
/** What a condition comes to where a variable holds a text. */
function given(j, v, variable, text) {
    const at = j.m.byName.get(variable);
    const read = at === undefined ? undefined : j.m.variables[at];
    const i = read?.kind === "env" ? read.values.findIndex((one) => one.text === text) : -1;
    return at === undefined || i < 0 ? null : restrict(v, only(at, 1 << i));
}
function isOn(j, name, variable) {
    const on = given(j, isTruthy(j, name), variable, "False");
    return on?.t === "bool" && on.v;
}
function isOff(j, name, variable) {
    const on = given(j, isTruthy(j, name), variable, "False");
    return on !== null && !possible(on);
}
function isFlag(j, name) {
    return leaves(setting(j, name)).every((o) => o.t === "bool");
}

;// CONCATENATED MODULE: ./build/src/lint/fix/fields.js




const TYPES = { bool: "bool", int: "int" };
/**
 * A project that reads its environment by a class of pydantic-settings: a field for the variable, and the setting
 * taken from the object that the settings module knows. null where there is no such class, or no such object.
 */
function fieldStyle(j, target, setting, kind, value) {
    const type = TYPES[kind];
    const found = type ? settingsClass(j) : null;
    const object = found ? instanceOf(target, found.node.name) : null;
    if (!type || !found || !object)
        return null;
    const { file, node, text } = found;
    const fields = node.body.filter((s) => s.nodeType === "AnnAssign");
    const last = fields.at(-1);
    const names = fields.flatMap((f) => f.nodeType === "AnnAssign" && f.target.nodeType === "Name" ? f.target.id : []);
    if (!last)
        return null;
    const field = names.some((n) => n !== n.toUpperCase()) ? setting.toLowerCase() : setting;
    const source = sourceText(text);
    const at = source.afterLine(last.end_lineno ?? last.lineno);
    const code = `${field}: ${type} = ${value}`;
    const open = at > 0 && !/[\r\n]$/.test(text.slice(0, at)) ? source.newline : "";
    const margin = marginOf(source, last);
    const prefix = /env_prefix\s*=\s*["'](\w*)["']/.exec(text)?.[1] ?? "";
    return {
        write: (_, otherwise) => `${object}.${field}${otherwise === "not DEBUG" ? " and not DEBUG" : ""}`,
        variable: () => `${prefix}${field}`.toUpperCase(),
        needs: [object],
        composed: false,
        declares: { code, edit: { file, start: at, end: at, text: `${open}${margin}${code}${source.newline}` } },
    };
}
function settingsClass(j) {
    for (const [file, { body }] of j.evaluation.parsed) {
        const text = j.m.tree.read(file) ?? "";
        if (!text.includes("BaseSettings") || !place_isOwn(file, text))
            continue;
        for (const { node } of walk(body))
            if (node.nodeType === "ClassDef" &&
                node.bases.some((b) => /(?:^|\.)BaseSettings$/.test(dottedName(b) ?? "")))
                return { file, text, node };
    }
    return null;
}
/** The name under which the settings module knows an object of the class. */
function instanceOf({ module }, cls) {
    for (const [name, v] of module.scope.slots)
        if (v.t === "instance" && v.cls.name === cls && /^[A-Za-z_]\w*$/.test(name))
            return name;
    return null;
}

;// CONCATENATED MODULE: ./build/src/lint/fix/reads.js



const FLAG = /^(?:DEBUG|(?:SESSION|CSRF)_COOKIE_(?:SECURE|HTTPONLY)|SECURE_(?:SSL_REDIRECT|HSTS_\w+|CONTENT_\w+))$/;
const VARIABLE = /^[A-Z][A-Z0-9_]{2,}$/;
const reads_known = new WeakMap();
/** Found once for an evaluation. */
function reads_readsOf(e) {
    const found = reads_known.get(e) ?? findReads(e);
    reads_known.set(e, found);
    return found;
}
function findReads(e) {
    const readers = new Map();
    const prefixes = new Map();
    const quotes = { '"': 0, "'": 0 };
    const flags = { read: 0, written: 0 };
    for (const [file, { body }] of e.parsed) {
        const source = sourceText(e.machine.tree.read(file) ?? "");
        for (const { node, around } of walk(body)) {
            const own = around.at(-1);
            const target = own ? bindings(own)[0] : undefined;
            const read = readIn(node);
            if (read) {
                reads_add(readers, read);
                const mark = source.text[source.range(read.argument)[0]];
                if (mark === '"' || mark === "'")
                    quotes[mark]++;
                if (target && read.name.endsWith(target))
                    reads_count(prefixes, read.name.slice(0, -target.length));
                if (target && FLAG.test(target))
                    flags.read++;
            }
            if (node.nodeType === "Assign" && FLAG.test(bindings(node)[0] ?? "") && isWritten(node.value))
                if (bindings(node)[0] !== "DEBUG")
                    // DEBUG = False is what a production module says whatever its style.
                    flags.written++;
        }
    }
    return {
        readers: [...readers.values()].sort((a, b) => b.calls - a.calls),
        prefix: [...prefixes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "",
        quote: quotes["'"] > quotes['"'] ? "'" : '"',
        flags,
    };
}
const reads_count = (into, key) => {
    into.set(key, (into.get(key) ?? 0) + 1);
};
function isWritten(value) {
    return value.nodeType === "Constant" || (value.nodeType === "UnaryOp" && value.operand.nodeType === "Name");
}
/** `f("NAME", …)` or `os.environ["NAME"]`; null for anything else. */
function readIn(node) {
    if (node.nodeType === "Subscript") {
        const of = dottedName(node.value);
        const { slice } = node;
        if (!of || !/(?:^|\.)environ$/.test(of) || slice.nodeType !== "Constant")
            return null;
        return typeof slice.value === "string"
            ? { callee: `${of}.get`, name: slice.value, argument: slice, default: null }
            : null;
    }
    if (node.nodeType !== "Call")
        return null;
    const callee = dottedName(node.func);
    const [argument, second] = node.args;
    if (!callee || argument?.nodeType !== "Constant")
        return null;
    const name = argument.value;
    if (typeof name !== "string" || !VARIABLE.test(name) || /\.(?:append|add|setdefault)$/.test(callee))
        return null;
    const keyword = node.keywords.find((k) => k.arg === "default" || k.arg === "fallback")?.arg;
    if (keyword)
        return { callee, name, argument, default: { keyword } };
    if (second === undefined)
        return { callee, name, argument, default: null };
    const text = second.nodeType === "Constant" && typeof second.value === "string";
    return { callee, name, argument, default: text ? "text" : "value" };
}
function reads_add(readers, read) {
    const reader = readers.get(read.callee);
    if (!reader)
        readers.set(read.callee, { callee: read.callee, calls: 1, default: read.default });
    else {
        reader.calls++;
        reader.default ??= read.default;
    }
}

;// CONCATENATED MODULE: ./build/src/python/ask.js





/**
 * The value an expression would have at the end of a module of the project; null where it is
 * no expression or raises whatever the environment says. Leaves the evaluation as it was, but for variables it names.
 */
function askModule(m, module, text) {
    const parsed = parseModule(text);
    const [first] = parsed.body;
    if (parsed.problems.length > 0 || first?.nodeType !== "Expr")
        return null;
    const { frame, here, pc, handlers, depth } = m;
    const counts = [m.reads.length, m.notes.length, m.deaths.length];
    const inner = topFrame(module, parsed.lines, module.file ?? "");
    const handler = { caught: [], guards: false, doubted: { statement: 0, worlds: FALSE } };
    Object.assign(m, { frame: inner, pc: TRUE, handlers: [handler] });
    const value = attempt(m, () => evaluate(m, first.value));
    const left = m.pc;
    Object.assign(m, { frame, here, pc, handlers, depth });
    [m.reads.length, m.notes.length, m.deaths.length] = counts;
    if (left.t === "bool" && !left.v)
        return null;
    return restrict(value, left);
}

;// CONCATENATED MODULE: ./build/src/lint/fix/style.js





/** Reads nothing: the value stands in the file. */
const WRITTEN = {
    write: (_, otherwise) => otherwise,
    variable: () => null,
    needs: [],
    composed: false,
};
/**
 * The way this project reads variables of a kind, as it can be written at the end of a module. Each way is tried in
 * the evaluated module before it is taken; null where none gives the right value, or the project reads nothing.
 */
function environmentStyle(j, module, kind) {
    const known = styles.get(j) ?? new Map();
    styles.set(j, known);
    if (!known.has(kind))
        known.set(kind, findStyle(j, module, kind));
    return known.get(kind) ?? null;
}
const styles = new WeakMap();
function findStyle(j, module, kind) {
    const { readers, prefix, quote } = reads_readsOf(j.evaluation);
    // The plain ways are many functions' last resort; of the others the most used tell the style.
    const tried = readers.filter((reader, i) => i < MOST_READERS || isPlain(reader.callee));
    for (const composed of [false, true])
        for (const reader of tried)
            for (const form of style_forms(reader, kind, composed)) {
                const write = (setting, otherwise) => form(`"${prefix}${setting}"`, otherwise).replaceAll('"', quote);
                if (!works(j, module, kind, write))
                    continue;
                return {
                    write,
                    variable: (setting) => `${prefix}${setting}`,
                    needs: [reader.callee.split(".")[0]],
                    composed,
                };
            }
    return null;
}
const MOST_READERS = 6;
/** Gives the text of the environment as it is. */
const isPlain = (callee) => /(?:^|\.)(?:environ\.get|getenv)$/.test(callee);
/** The calls worth trying; `composed`: those that put a plain text into shape. */
function style_forms(reader, kind, composed) {
    const { callee } = reader;
    if (composed)
        return isPlain(callee) ? [style_plain(callee, kind)] : [];
    const method = { bool: "bool", int: "int", list: "list", text: "str" }[kind];
    const root = callee.replace(/\.\w+$/, "");
    const typed = `${root}.${method}`;
    if (kind === "text")
        return [(n) => `${callee}(${n})`, (n) => `${typed}(${n})`];
    const cast = { bool: "bool", int: "int", list: "Csv()" }[kind];
    const keyword = typeof reader.default === "object" ? (reader.default?.keyword ?? "default") : "default";
    if (kind === "list")
        return [(n) => `${typed}(${n})`, (n) => `${callee}(${n})`, (n) => `${callee}(${n}, cast=${cast})`];
    const byKeyword = (n, d) => `${callee}(${n}, ${keyword}=${d})`;
    const byValue = (n, d) => `${callee}(${n}, ${d})`;
    const byText = (n, d) => `${callee}(${n}, ${asText(d)})`;
    const own = reader.default === "text"
        ? [byText, byValue, byKeyword]
        : reader.default === "value"
            ? [byValue, byKeyword, byText]
            : [byKeyword, byValue, byText];
    const byMethod = (n, d) => `${typed}(${n}, ${keyword}=${d})`;
    const byCast = (n, d) => `${callee}(${n}, ${keyword}=${d}, cast=${cast})`;
    return callee === typed ? [...own, byMethod, byCast] : [byMethod, ...own, byCast];
}
const asText = (value) => (/^\w+$/.test(value) ? `"${value}"` : `str(${value})`);
function style_plain(callee, kind) {
    switch (kind) {
        case "bool":
            return (n, d) => `${callee}(${n}, ${asText(d)}).lower() in ("1", "true", "yes")`;
        case "int":
            return (n, d) => `int(${callee}(${n}, ${asText(d)}))`;
        case "list":
            return (n) => `[host.strip() for host in ${callee}(${n}, "").split(",") if host.strip()]`;
        default:
            return (n) => (callee.endsWith("environ.get") ? `${callee.slice(0, -4)}[${n}]` : `${callee}(${n})`);
    }
}
/** Does it give the default while unset, and what is asked for when set? */
function works(j, module, kind, write) {
    const setting = `DJDEPLOY_PROBE_${j.m.variables.length}`;
    const variable = `${reads_readsOf(j.evaluation).prefix}${setting}`;
    const { m } = j;
    const value = askModule(m, module, write(setting, kind === "int" ? "3600" : "True"));
    const at = m.byName.get(variable);
    if (value === null || at === undefined)
        return false;
    const given = (text) => {
        const read = m.variables[at];
        const i = read?.kind === "env" ? read.values.findIndex((one) => one.text === text) : -1;
        return i < 0 ? null : restrict(value, only(at, 1 << i));
    };
    const isFlag = (text, flag) => {
        const v = given(text);
        return v !== null && leaves(v).every((o) => o.t === "bool" && o.v === flag);
    };
    const isNumber = (text, n) => {
        const v = given(text);
        return v !== null && leaves(v).every((o) => o.t === "num" && o.v === n);
    };
    switch (kind) {
        case "bool":
            return isFlag(null, true) && isFlag("True", true) && isFlag("False", false);
        case "int":
            return isNumber(null, 3600) && isNumber("31536000", 31536000);
        case "list": {
            const v = given("www.example.com");
            const content = v && v.t !== "choice" ? contentOf(v) : null;
            return (content?.t === "tuple" && content.items.length === 1 && isText(content.items[0], "www.example.com"));
        }
        default:
            // Without the variable it must not load.
            return isText(given(STRONG), STRONG) && leaves(value).every((o) => o.t === "str");
    }
}
const isText = (v, text) => v?.t === "str" && v.v === text;

;// CONCATENATED MODULE: ./build/src/lint/fix/flags.js









const SECURE = { kind: "bool", value: "True" };
/** Without it the redirect never ends behind a proxy. */
const HEADER = `("HTTP_X_FORWARDED_PROTO", "https")`;
/** What a finding about a setting that is absent, or written down wrongly, is answered with. */
const ANSWERS = {
    "security.W004": {
        kind: "int",
        value: "3600",
        comment: "An hour to begin with; a year (31536000) once all is well.",
        reveals: ["security.W005", "security.W021"],
    },
    "security.W005": { ...SECURE, asked: true },
    "security.W021": { ...SECURE, asked: true },
    "security.W008": SECURE,
    "security.W010": SECURE,
    "security.W011": SECURE,
    "security.W012": SECURE,
    "security.W016": SECURE,
    "security.W018": { kind: "bool", value: "False", asked: true },
    "security.W009": { kind: "text", value: "", asked: true },
    "security.W020": { kind: "list", value: "[]", asked: true },
    "djdeploy.redirect-loop": { kind: "text", value: HEADER, fixed: true },
    "models.W042": {
        kind: "text",
        value: '"django.db.models.AutoField"',
        comment: "Keeps the primary keys that are there.",
        fixed: true,
    },
};
/** Inserts a setting that is not there, or corrects one that is written down, in the project's own style. */
const flagFixer = (j, finding) => {
    const added = ANSWERS[finding.id];
    const target = targetOf(j.evaluation);
    const name = finding.id === "djdeploy.redirect-loop" ? "SECURE_PROXY_SSL_HEADER" : finding.setting;
    if (!added || !target || !name)
        return [];
    // What a variable decides, and decides well while it is unset, needs no other statement.
    if (added.asked && finding.certainty !== "certain" && finding.whenUnset !== true)
        return [];
    const style = styleFor(j, target, name, added);
    if (!style)
        return [];
    const shared = added.value === "True" && !target.holder && !isProductionOnly(j);
    const value = style.write(name, shared ? "not DEBUG" : added.value);
    const variable = style.variable(name);
    const fix = {
        code: `${name} = ${value}`,
        automatic: finding.certainty === "certain" && !added.asked,
        sets: [name],
        reveals: added.reveals ?? [],
        variables: variable ? [variable] : [],
    };
    const header = finding.id === "security.W008" && !possible(isSet(j, "SECURE_PROXY_SSL_HEADER"));
    const before = [
        ...(header
            ? ["# The proxy in front says how the visitor came.", `SECURE_PROXY_SSL_HEADER = ${HEADER}`]
            : []),
        ...(added.comment ? [`# ${added.comment}`] : []),
    ];
    if (header)
        fix.sets.push("SECURE_PROXY_SSL_HEADER");
    const own = assignmentsOf(j.evaluation, target.file, name).filter(({ around }) => !target.holder || around.includes(target.holder));
    const [only] = own;
    if (added.asked && j.evaluation.settings.has(name))
        return [{ ...fix, file: finding.file, line: finding.line, edits: [] }];
    const needs = [...style.needs, ...(shared ? ["DEBUG"] : [])];
    const fixes = !only
        ? inserted(j, target, name, before, fix, needs)
        : own.length === 1
            ? flags_replaced(only, value, before, fix)
            : [];
    return fixes.map((one) => withDeclaration(one, style));
};
/** A fix with what has to be declared elsewhere for it. */
function withDeclaration(fix, { declares }) {
    if (!declares)
        return fix;
    const { code, edit } = declares;
    const above = edit.file === fix.file && fix.edits.every(({ start }) => edit.start <= start);
    return {
        ...fix,
        code: `${code}\n${fix.code}`,
        line: fix.line + (above ? 1 : 0),
        edits: [edit, ...fix.edits],
    };
}
function inserted(j, target, name, before, fix, needs) {
    // Set where no statement of its own says so (a loop, globals()): where to change that is for people to say.
    if (!target.holder && possible(isSet(j, name)) && !elsewhere(j, target, name))
        return [];
    return insertions(target, name, [...before, fix.code].join("\n"), needs).map((edit) => {
        const lines = edit.text.split(/\r\n|\r|\n/);
        const skipped = lines.findIndex((line) => line.trim() !== "");
        const added = before.length + Math.max(0, skipped);
        return {
            ...fix,
            file: edit.file,
            line: target.source.lineAt(edit.start) + added,
            edits: [edit],
        };
    });
}
/** A value that is written down at the left margin is replaced; what else decides it is for people to change. */
function flags_replaced(only, value, before, fix) {
    const plain = only.value.nodeType === "Constant" && only.around.every((s) => s.nodeType === "ClassDef");
    if (!plain)
        return [];
    const { file, source, node } = only;
    const [start, end] = source.range(only.value);
    const margin = marginOf(source, node);
    const at = source.startOfLine(node.lineno);
    const edits = before.map((line) => ({
        file,
        start: at,
        end: at,
        text: `${margin}${line}${source.newline}`,
    }));
    return [
        {
            ...fix,
            file,
            line: node.lineno + edits.length,
            edits: [...edits, { file, start, end, text: value }],
        },
    ];
}
/** Is it decided by a statement in a file that the settings import? */
function elsewhere(j, target, name) {
    const places = j.evaluation.settings.get(name)?.place;
    return !!places && leaves(places).every((p) => p.t === "place" && p.file !== target.file);
}
/** How this project would write it; null where a value must be read and the project reads none. */
function styleFor(j, target, name, added) {
    if (added.fixed)
        return WRITTEN;
    if (target.holder)
        return classStyle(j, target, added);
    const style = environmentStyle(j, target.module, added.kind);
    if (added.kind === "text")
        return style ?? standard(name);
    if (added.kind === "list")
        return style ?? (domains(j) ? { ...WRITTEN, write: () => domains(j) } : null);
    const { flags } = reads_readsOf(j.evaluation);
    const field = flags.written > 0 ? null : fieldStyle(j, target, name, added.kind, added.value);
    if (field && (style === null || style.composed))
        return field;
    const writes = flags.written > 0 ? flags.written >= flags.read : flags.read === 0 && style?.composed;
    return writes ? WRITTEN : (style ?? WRITTEN);
}
function domains(j) {
    const names = j.input.deployment?.domains ?? [];
    return names.length > 0 ? `[${names.map((n) => `"${n}"`).join(", ")}]` : null;
}
/** A key is never written down: without a style of its own, as Python reads variables. */
function standard(name) {
    return { ...WRITTEN, write: () => `os.environ["${name}"]`, variable: () => name, needs: ["os"] };
}
const VALUES = { bool: "BooleanValue", int: "IntegerValue", list: "ListValue", text: "SecretValue" };
/** django-configurations: values of a class. */
function classStyle(j, target, added) {
    const uses = target.module.scope.slots.has("values") && readsValues(j);
    if (!uses)
        return added.kind === "bool" || added.kind === "int" ? WRITTEN : null;
    const given = added.kind === "bool" || added.kind === "int";
    return {
        ...WRITTEN,
        write: (_, otherwise) => `values.${VALUES[added.kind]}(${given ? otherwise : ""})`,
        variable: (setting) => `DJANGO_${setting}`,
        needs: ["values"],
    };
}
function readsValues(j) {
    for (const { body } of j.evaluation.parsed.values())
        for (const { node } of walk(body))
            if (node.nodeType === "Attribute" && /^(?:Boolean|Integer|)Value$/.test(node.attr))
                return true;
    return false;
}
/** Does the file that decides DEBUG simply say that it is off? Then nobody develops with these settings. */
function isProductionOnly(j) {
    const places = j.evaluation.settings.get("DEBUG")?.place;
    if (!places)
        return true;
    return leaves(places).every((place) => {
        if (place.t !== "place")
            return false;
        const value = assignmentAt(j.evaluation, place.file, place.line, "DEBUG")?.value;
        return value?.nodeType === "Constant" && value.value === false;
    });
}

;// CONCATENATED MODULE: ./build/src/lint/fix/hosts.js

/** A list of hosts that comes from a text: blanks and empty parts go. */
const hostsFixer = (j, finding) => {
    if (!/^djdeploy\.allowed-hosts-(?:never-match|entry|split)$/.test(finding.id) || !finding.setting)
        return [];
    const name = finding.setting;
    const own = assignmentAt(j.evaluation, finding.file, finding.line, name);
    if (own?.value.nodeType !== "Call" || own.value.func.nodeType !== "Attribute")
        return [];
    if (!/^(?:split|list)$/.test(own.value.func.attr))
        return [];
    const [start, end] = own.source.range(own.value);
    const value = `[host.strip() for host in ${statement_textOf(own, own.value)} if host.strip()]`;
    return [
        {
            code: `${name} = ${value.replace(/\s*[\r\n]\s*/g, " ")}`,
            file: own.file,
            line: own.node.lineno,
            automatic: true,
            edits: [{ file: own.file, start, end, text: value }],
            sets: [name],
            // No host at all is then called by its name.
            reveals: ["security.W020"],
            variables: [],
        },
    ];
};

;// CONCATENATED MODULE: ./build/src/lint/fix/storages.js





const OLD = { default: "DEFAULT_FILE_STORAGE", staticfiles: "STATICFILES_STORAGE" };
const DJANGO = {
    default: '"django.core.files.storage.FileSystemStorage"',
    staticfiles: '"django.contrib.staticfiles.storage.StaticFilesStorage"',
};
/** The two settings that STORAGES took the place of, where Django no longer reads them, move into it. */
const storagesFixer = (j, finding) => {
    if (finding.id !== "djdeploy.storage-setting-ignored" || possible(isSet(j, "STORAGES")))
        return [];
    const [first, second, ...more] = oldOnes(j);
    if (!first || more.length > 0 || (second && !(besides(first, second) && isAlone(first))))
        return [];
    const last = second ?? first;
    if (last.around.some((s) => s.nodeType !== "If") || last.node.nodeType !== "Assign")
        return [];
    const backend = (key) => {
        const own = [first, second].find((a) => a && storages_nameOf(a) === OLD[key]);
        return own ? statement_textOf(own, own.value) : DJANGO[key];
    };
    const { source, file, node } = last;
    const margin = marginOf(source, node);
    const lines = [
        "STORAGES = {",
        `    "default": {"BACKEND": ${backend("default")}},`,
        `    "staticfiles": {"BACKEND": ${backend("staticfiles")}},`,
        "}",
    ];
    const [start, end] = source.range(node);
    const edits = [{ file, start, end, text: lines.join(`${source.newline}${margin}`) }];
    if (second)
        edits.push(withoutLine(first));
    return [
        {
            code: lines.join("\n"),
            file,
            line: node.lineno - (second ? (first.node.end_lineno ?? 0) - first.node.lineno + 1 : 0),
            automatic: true,
            edits,
            sets: ["STORAGES", ...Object.values(OLD)],
            reveals: [],
            variables: [],
        },
    ];
};
const storages_nameOf = ({ node }) => node.nodeType === "Assign" && node.targets[0]?.nodeType === "Name" ? node.targets[0].id : "";
/** Every assignment of either name, in order; none when something else uses them. */
function oldOnes(j) {
    const e = j.evaluation;
    const names = Object.values(OLD);
    if (isUsed(e, names))
        return [];
    const found = [...e.parsed.keys()].flatMap((file) => names.flatMap((name) => assignmentsOf(e, file, name)));
    return found.sort((a, b) => a.node.lineno - b.node.lineno);
}
/** In one file, and under the same conditions. */
function besides(a, b) {
    if (a.file !== b.file || storages_nameOf(a) === storages_nameOf(b) || a.node.lineno === b.node.lineno)
        return false;
    return a.around.length === b.around.length && a.around.every((s, i) => s === b.around[i]);
}
function isAlone({ source, node }) {
    const [start, end] = source.range(node);
    const [before, after] = [source.startOfLine(node.lineno), source.afterLine(node.end_lineno ?? node.lineno)];
    return (/^\s*$/.test(source.text.slice(before, start)) && /^\s*(?:#.*)?$/.test(source.text.slice(end, after)));
}
function isUsed(e, names) {
    for (const { body } of e.parsed.values())
        for (const { node } of walk(body))
            if (node.nodeType === "Name" && node.ctx?.nodeType !== "Store" && names.includes(node.id))
                return true;
    return false;
}
/** The whole lines of a statement, where it stands alone on them. */
function withoutLine({ file, source, node }) {
    const start = source.startOfLine(node.lineno);
    return { file, start, end: source.afterLine(node.end_lineno ?? node.lineno), text: "" };
}

;// CONCATENATED MODULE: ./build/src/lint/fix/proposals.js





/** In the order in which fixes are made: what others depend on first. */
const FIXERS = [castFixer, hostsFixer, storagesFixer, flagFixer];
/** The ways of answering a finding by a change of the settings, best first. */
function proposals(j, finding) {
    if (!possible(j.evaluation.alive) || j.evaluation.exhausted)
        return [];
    for (const fixer of FIXERS) {
        const found = fixer(j, finding);
        if (found.length > 0)
            return found;
    }
    return [];
}

;// CONCATENATED MODULE: ./build/src/lint/rules/not-followed.js
/** Said by gather.ts, of what several rules could not judge. */
const notFollowedRule = {
    id: "djdeploy.not-followed",
    level: "warning",
    title: "What several checks are about comes from code that is not read",
    why: "Settings were given to a function of a package, or come from one, or any of them may be overridden under a name that only the host knows. What is not in the repository is not read, so the checks listed with it cannot be made here; the live check of a deploy makes them in the release's own environment, before the switch.",
    fix: "state what you know of it in djdeploy.yml under lint.assume, or leave it to the live check of a deploy",
    check: () => [],
};

;// CONCATENATED MODULE: ./build/src/lint/gather.js



const RANK = ["error", "warning", "info"];
/**
 * Of what one thing hides, one finding instead of one for each check: a call into a package, or a statement after which
 * any setting may be another. The checks that cannot be made are its `also`.
 */
function gathered(j, findings) {
    const groups = new Map();
    for (const f of findings) {
        const reason = reasonOf(j, f);
        if (reason !== null)
            groups.set(reason, [...(groups.get(reason) ?? []), f]);
    }
    const hidden = new Map();
    for (const [reason, group] of groups) {
        const [first] = group;
        if (!first || group.length < 2)
            continue;
        for (const f of group)
            hidden.set(f, null);
        hidden.set(first, together(j, reason, group));
    }
    return findings.flatMap((f) => (hidden.has(f) ? (hidden.get(f) ?? []) : [f]));
}
/** Why it is not known. Where any setting may be another, that alone would be enough. */
function reasonOf(j, f) {
    return f.reason === undefined ? null : (j.evaluation.open?.reason ?? f.reason);
}
function together(j, reason, group) {
    const rule = notFollowedRule;
    const first = group.find((f) => f.setting !== null && f.file) ?? group[0];
    const names = [...new Set(group.map((f) => f.setting).filter((name) => name !== null))];
    const opened = j.m.notes.find((n) => n.kind === "open" && n.what === reason)?.place;
    const place = opened?.file ? opened : first;
    return {
        id: rule.id,
        level: RANK.find((level) => group.some((f) => f.level === level)) ?? rule.level,
        message: `${cause(j, reason, group.length)} (${shortList(names)})`,
        hint: rule.fix,
        file: place.file,
        line: place.line,
        column: place.column,
        setting: names.length === 1 ? (names[0] ?? null) : null,
        certainty: "unknown",
        dependsOn: [],
        also: [...new Set(group.flatMap((f) => [f.id, ...f.also]))],
        docs: docsOf(rule, j.version),
    };
}
function cause(j, reason, count) {
    const outside = /^([\w.]+) is outside the project$/.exec(reason)?.[1];
    if (!outside)
        return `${count} checks cannot be made: ${reason}`;
    const top = outside.split(".")[0];
    const from = declared(j.m, top) ? `, of the package ${distribution(top)} in the requirements` : "";
    const called = j.m.notes.some((n) => n.kind === "call" && n.what === reason);
    return `${count} checks depend on what ${outside} ${called ? "does" : "holds"}${from}`;
}
function shortList(names) {
    const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
    return names.length === 0 ? "no setting" : `${names.slice(0, 6).join(", ")}${more}`;
}

// EXTERNAL MODULE: ./build/src/report/redact.js + 7 modules
var redact = __webpack_require__(1031);
;// CONCATENATED MODULE: ./build/src/lint/questions.js





/** What several families of rules ask in the same words. */
/** Was this text given to us as the value of a variable? Then it is no literal of the repository. */
function questions_given(j, v) {
    return v.t === "str" && Object.values(j.input.environment ?? {}).includes(v.v);
}
/** A text of the repository itself: the same in every world, and not one that this run was given. */
function questions_isLiteral(j, v) {
    return v.t === "str" && v.v !== "" && !questions_given(j, v);
}
/** The condition that a value is a text (or a path) that fits. */
function textHolds(j, v, test, question) {
    return holds(j, v, (o) => (o.t === "str" || o.t === "path") && test(o.v), question);
}
const isMissing = (j, v) => holds(j, v, (o) => o.t === "missing", "is missing");
/** The condition that some text of a list fits. */
function someText(j, v, test) {
    let any = FALSE;
    for (const { item, when } of judge_elements(j, v))
        if (item.t === "str" && test(item.v))
            any = or(any, when);
    return any;
}
/** The texts of a list that may be in it, each with its condition. */
function questions_texts(j, v) {
    return judge_elements(j, v).flatMap(({ item, when }) => (item.t === "str" ? [{ text: item.v, when }] : []));
}
/** How a message names an element: `the entry 'x'` where it is the project's own, `an entry` where we only tried it. */
function named(j, what, item, when) {
    if (item.t === "str" && isOwn(j.evaluation, when))
        return `the ${what} '${item.v}'`;
    return `${/^[aeiou]/.test(what) ? "an" : "a"} ${what}`;
}
/** The project's own entries of a dictionary that may be there: its keys, what stands under them, and when. */
function entries(j, v) {
    return entriesOf(j, v).filter(({ when }) => isOwn(j.evaluation, when));
}
function entriesOf(j, v) {
    if (v.t === "choice") {
        const keys = new Set();
        for (const { leaf } of casesOf(v))
            if (leaf.t === "dict")
                for (const k of keysIn(leaf))
                    keys.add(k);
        return [...keys].map((key) => entry(j, v, key));
    }
    return v.t === "dict" ? keysIn(v).map((key) => entry(j, v, key)) : [];
}
function entry(j, v, key) {
    const value = judge_within(j, v, key);
    return { key, value, when: toCondition(value, (o) => o.t !== "missing") };
}
const keysIn = (o) => o.t === "dict" ? [...o.scope.slots.keys()].filter((k) => k[0] !== "\0") : [];
function casesOf(v) {
    if (v.t !== "choice")
        return [{ leaf: v }];
    return v.edges.flatMap((e) => casesOf(e.to)).slice(0, 50);
}
/** A setting's entries under the conditions that they are there and something holds of them. */
function questions_eachOf(j, name, test) {
    return entries(j, setting(j, name)).map(({ key, value, when }) => ({
        key,
        when: and(when, test(value, key)),
    }));
}
/** The path below the repository's top of an absolute path that settings computed; null outside. */
function belowTop(path) {
    if (path === SITE)
        return "";
    return path.startsWith(`${SITE}/`) ? path.slice(SITE.length + 1).replace(/\/+$/, "") : null;
}
/** `inner` is `outer` or lies in it. */
function isInside(inner, outer) {
    const [a, b] = [inner, outer].map((p) => p.replace(/\/+$/, ""));
    return a === b || a.startsWith(`${b}/`);
}

;// CONCATENATED MODULE: ./build/src/lint/simple.js
/** Where Django's reference explains a setting. */
const settingDocs = (name) => `ref/settings/#${name.toLowerCase().replace(/_/g, "-")}`;
/** A rule with one condition about one setting. */
function rule({ setting, message, hint, when, ...rest }) {
    return {
        docs: settingDocs(setting),
        ...rest,
        check: (j) => [
            { when: when(j), setting, message: message ?? rest.title, ...(hint === undefined ? {} : { hint }) },
        ],
    };
}

;// CONCATENATED MODULE: ./build/src/lint/rules/accounts.js




/** Family X, who gets in: passwords, the admin, an API. */
const accountRules = [
    rule({
        id: "djdeploy.password-validators",
        level: "warning",
        setting: "AUTH_PASSWORD_VALIDATORS",
        title: "No password validators",
        why: "Users may then choose '123' as a password.",
        fix: "Use the four validators that a new project has.",
        when: (j) => and(hasApp(j, "django.contrib.auth"), not(isTruthy(j, "AUTH_PASSWORD_VALIDATORS"))),
    }),
    rule({
        id: "djdeploy.password-hasher",
        level: "error",
        setting: "PASSWORD_HASHERS",
        title: "Passwords are hashed weakly",
        why: "MD5 and unsalted hashes are for tests: a stolen table is read within hours.",
        fix: "Remove PASSWORD_HASHERS, or put PBKDF2, Argon2 or scrypt first.",
        when: (j) => holds(j, setting(j, "PASSWORD_HASHERS"), (o) => {
            const first = certainItems(o)?.[0];
            return (first?.t === "str" &&
                /(MD5|Unsalted|SHA1|Crypt)PasswordHasher$/.test(first.v) &&
                !/BCrypt/.test(first.v));
        }, "is weak"),
    }),
    {
        id: "djdeploy.api-open",
        level: "info",
        title: "The API lets everybody in by default",
        why: "Views of Django REST framework that name no permission are open, and none is slowed down.",
        fix: "Set DEFAULT_PERMISSION_CLASSES and DEFAULT_THROTTLE_CLASSES in REST_FRAMEWORK.",
        docs: "https://www.django-rest-framework.org/api-guide/permissions/",
        check: (j) => {
            const framework = setting(j, "REST_FRAMEWORK");
            const permissions = judge_within(j, framework, "DEFAULT_PERMISSION_CLASSES");
            const open = or(isMissing(j, permissions), someText(j, permissions, (p) => p.endsWith(".AllowAny")));
            const throttles = judge_within(j, framework, "DEFAULT_THROTTLE_CLASSES");
            const free = holds(j, throttles, (o) => o.t === "missing" || certainItems(o)?.length === 0, "slows nobody down");
            return [
                {
                    when: and(and(hasApp(j, "rest_framework"), open), free),
                    setting: "REST_FRAMEWORK",
                    message: "REST_FRAMEWORK allows everybody by default, and slows nobody down",
                },
            ];
        },
    },
];

;// CONCATENATED MODULE: ./build/src/lint/rules/hosts.js






const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0", ".localhost"]);
/** Could a Host header ever equal this entry? A header has no scheme, no port once split, no blanks. */
function neverMatches(host) {
    if (host === "*")
        return false;
    return host === "" || /[\s/,]/.test(host) || host.includes("*") || /^[^[\]]*:\d+$/.test(host);
}
const hosts_list = (j) => setting(j, "ALLOWED_HOSTS");
/** The condition that some entry fits. */
const some = (j, test) => someText(j, hosts_list(j), test);
/** The condition that there are entries, and every one fits. */
function every(j, test) {
    let all = TRUE;
    const found = judge_elements(j, hosts_list(j));
    for (const { item, when } of found)
        if (item.t !== "str" || !test(item.v))
            all = and(all, not(when));
    return found.length === 0 ? FALSE : and(all, isTruthy(j, "ALLOWED_HOSTS"));
}
/** Family H: ALLOWED_HOSTS. */
const hostRules = [
    rule({
        id: "security.W020",
        level: "error",
        title: "ALLOWED_HOSTS is empty",
        why: "With DEBUG off Django then answers every request with 400 Bad Request.",
        fix: 'List the names the site is reached by: ALLOWED_HOSTS = ["www.example.com"].',
        docs: "ref/settings/#allowed-hosts",
        setting: "ALLOWED_HOSTS",
        message: "ALLOWED_HOSTS is empty: every request is answered with 400",
        hint: "list the names the site is reached by",
        when: (j) => not(isTruthy(j, "ALLOWED_HOSTS")),
    }),
    {
        id: "djdeploy.allowed-hosts-type",
        level: "error",
        title: "ALLOWED_HOSTS is not a list",
        why: "Django 4.0 and later refuse to start; before, each letter of a text is taken for a name.",
        fix: "Make it a list; split the text of a variable at its commas and strip the parts.",
        docs: "ref/settings/#allowed-hosts",
        check: (j) => [
            {
                when: holds(j, hosts_list(j), (o) => !["list", "tuple"].includes(o.t), "is no list"),
                setting: "ALLOWED_HOSTS",
                message: since(j, 4)
                    ? "ALLOWED_HOSTS is no list or tuple: Django does not start"
                    : "ALLOWED_HOSTS is no list or tuple: Django takes each letter of it for a name",
                hint: "make it a list",
            },
        ],
    },
    rule({
        id: "djdeploy.allowed-hosts-wildcard",
        level: "warning",
        title: "ALLOWED_HOSTS allows every name",
        why: "A request can then name any host, which ends up in password reset links and cached pages.",
        fix: "List the names the site is reached by.",
        docs: "ref/settings/#allowed-hosts",
        setting: "ALLOWED_HOSTS",
        message: "ALLOWED_HOSTS holds '*'",
        hint: "list the names the site is reached by",
        when: (j) => some(j, (h) => h === "*"),
    }),
    rule({
        id: "djdeploy.allowed-hosts-never-match",
        level: "error",
        title: "No entry of ALLOWED_HOSTS can match",
        why: "Entries with a scheme, a port, a path, a blank or '*.' never equal a Host header, so every request gets 400.",
        fix: 'Write bare names: "www.example.com", or ".example.com" for all subdomains.',
        docs: "ref/settings/#allowed-hosts",
        setting: "ALLOWED_HOSTS",
        message: "no entry of ALLOWED_HOSTS can ever match a request",
        hint: "write bare names, without scheme, port, blank or '*.'",
        when: (j) => every(j, neverMatches),
    }),
    {
        id: "djdeploy.allowed-hosts-entry",
        level: "warning",
        title: "An entry of ALLOWED_HOSTS never matches",
        why: "Entries with a scheme, a port, a path, a blank or '*.' never equal a Host header.",
        fix: 'Write bare names: "www.example.com", or ".example.com" for all subdomains; strip the parts of a split text.',
        docs: "ref/settings/#allowed-hosts",
        partOf: "djdeploy.allowed-hosts-never-match",
        check: (j) => judge_elements(j, hosts_list(j))
            .filter(({ item }) => item.t === "str" && neverMatches(item.v))
            .map(({ item, when }) => ({
            when,
            setting: "ALLOWED_HOSTS",
            message: `${named(j, "entry", item, when)} of ALLOWED_HOSTS never matches a request`,
        })),
    },
    rule({
        id: "djdeploy.allowed-hosts-local",
        level: "warning",
        title: "ALLOWED_HOSTS holds local names only",
        why: "Requests for the site's public name are answered with 400.",
        fix: "Add the names the site is reached by.",
        docs: "ref/settings/#allowed-hosts",
        setting: "ALLOWED_HOSTS",
        message: "ALLOWED_HOSTS holds local names only: no public request is served",
        hint: "add the public name",
        when: (j) => every(j, (h) => LOCAL.has(h)),
    }),
    {
        id: "djdeploy.allowed-hosts-miss-domain",
        level: "error",
        title: "ALLOWED_HOSTS misses the name it is deployed to",
        why: "Requests for that name are answered with 400.",
        fix: "Add the name to ALLOWED_HOSTS.",
        docs: "ref/settings/#allowed-hosts",
        check: (j) => (j.input.deployment?.domains ?? []).map((domain) => ({
            when: and(isTruthy(j, "ALLOWED_HOSTS"), not(some(j, (h) => allows(h, domain)))),
            setting: "ALLOWED_HOSTS",
            message: `ALLOWED_HOSTS does not allow ${domain}, which this environment is deployed to`,
            hint: `add "${domain}"`,
        })),
    },
    {
        id: "djdeploy.allowed-hosts-split",
        level: "info",
        partOf: "djdeploy.allowed-hosts-entry",
        title: "ALLOWED_HOSTS is split without stripping",
        why: "A blank after a comma in the variable becomes part of the name, and that name then never matches.",
        fix: 'Strip the parts: [h.strip() for h in os.environ["ALLOWED_HOSTS"].split(",") if h.strip()].',
        docs: "ref/settings/#allowed-hosts",
        check: splitOnly,
    },
    {
        id: "djdeploy.allowed-hosts-platform",
        level: "warning",
        title: "ALLOWED_HOSTS allows every site of a hosting platform",
        why: "Everyone can get a name there, so the check of the Host header is as good as off.",
        fix: "Write the site's own name instead of the platform's.",
        docs: "ref/settings/#allowed-hosts",
        check: (j) => questions_texts(j, hosts_list(j))
            .filter(({ text }) => PLATFORMS.test(text))
            .map(({ text, when }) => ({
            when,
            setting: "ALLOWED_HOSTS",
            message: `ALLOWED_HOSTS holds '${text}': every site of that platform`,
        })),
    },
];
/** Domains under which a platform gives names to all its customers. */
const PLATFORMS = /^\.(herokuapp\.com|onrender\.com|vercel\.app|now\.sh|railway\.app|fly\.dev|pythonanywhere\.com|azurewebsites\.net|amazonaws\.com|elasticbeanstalk\.com|ngrok\.io|ngrok-free\.app|appspot\.com|run\.app|ondigitalocean\.app|netlify\.app|gitpod\.io)$/i;
/** `NAME.split(",")` as it stands, with a variable whose value we do not see. */
function splitOnly(j) {
    const place = placeOf(j.evaluation, "ALLOWED_HOSTS", TRUE);
    const line = place && (j.evaluation.parsed.get(place.file)?.lines[place.line - 1] ?? "");
    const plain = /^ALLOWED_HOSTS\s*(?:\+?=)\s*[^[#]*(?:environ|getenv|config)[^[#]*\.split\((["']),\1\)\s*(#.*)?$/;
    if (!place || !line || !plain.test(line) || /\.replace\(|strip/.test(line))
        return [];
    const read = j.evaluation.reads.find((r) => r.place.file === place.file && r.place.line === place.line);
    const hosts = hosts_list(j);
    if (!read || hosts.t !== "choice")
        return [];
    const unset = whileUnset(j.evaluation, hosts);
    return [
        {
            when: toCondition(hosts, (o) => o !== unset),
            whole: true,
            setting: "ALLOWED_HOSTS",
            message: `a blank after a comma in ${read.name} would become part of a name, which then never matches`,
        },
    ];
}
/** Django's validate_host for one entry. */
function allows(entry, host) {
    const [e, h] = [entry.toLowerCase(), host.toLowerCase()];
    return e === "*" || e === h || (e.startsWith(".") && (h.endsWith(e) || h === e.slice(1)));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/transport.js






const SECURITY = "django.middleware.security.SecurityMiddleware";
const security = (j) => hasMiddleware(j, SECURITY);
/** Flags that a text turns on, with Django's ids that say of the same value that it is not True. */
const transport_FLAGS = {
    SECURE_SSL_REDIRECT: ["security.W008"],
    SESSION_COOKIE_SECURE: ["security.W010", "security.W011", "security.W012"],
    CSRF_COOKIE_SECURE: ["security.W016"],
    SECURE_HSTS_INCLUDE_SUBDOMAINS: ["security.W005"],
};
/** Servers that do not tell the application the scheme that their proxy names; a deploy has the others believe it. */
const DEAF = new Set(["hypercorn", "waitress"]);
/**
 * Django takes every request for plain HTTP: nothing but SECURE_PROXY_SSL_HEADER could tell it otherwise. Gunicorn
 * believes X-Forwarded-Proto on a Unix socket and from loopback addresses.
 */
function schemeIsLost(j) {
    const { server, args = [] } = j.input.deployment ?? {};
    const told = args.some((arg) => /proxy|forwarded/.test(arg));
    return server && DEAF.has(server) && !told ? not(isTruthy(j, "SECURE_PROXY_SSL_HEADER")) : FALSE;
}
/** Does a pattern of SECURE_REDIRECT_EXEMPT fit the path? One that we can not follow is given the benefit. */
function fits(j, source, path) {
    const found = askPattern(j.m, { source, flags: "", text: path.replace(/^\/+/, ""), act: "first" });
    return found === null || found.answer !== null;
}
/** Family T: HTTPS, from the redirect to HSTS. */
const transportRules = [
    rule({
        id: "security.W001",
        level: "warning",
        title: "SecurityMiddleware is missing",
        why: "Without it the SECURE_… settings (HSTS, redirect, nosniff, referrer policy) do nothing.",
        fix: `Put "${SECURITY}" first in MIDDLEWARE.`,
        docs: "ref/middleware/#django.middleware.security.SecurityMiddleware",
        setting: "MIDDLEWARE",
        message: "SecurityMiddleware is not in MIDDLEWARE, so no SECURE_… setting works",
        hint: "put it first in MIDDLEWARE",
        when: (j) => not(security(j)),
    }),
    rule({
        id: "security.W004",
        level: "warning",
        https: true,
        title: "No HSTS",
        why: "Browsers may still try plain HTTP first, where anyone on the way can read or redirect the request.",
        fix: "Set SECURE_HSTS_SECONDS, first to an hour (3600), to a year once all is well.",
        docs: "ref/settings/#secure-hsts-seconds",
        setting: "SECURE_HSTS_SECONDS",
        message: "SECURE_HSTS_SECONDS is 0 or not set",
        hint: "SECURE_HSTS_SECONDS = 3600, later 31536000",
        when: (j) => and(security(j), not(isTruthy(j, "SECURE_HSTS_SECONDS"))),
    }),
    rule({
        id: "security.W005",
        level: "warning",
        https: true,
        title: "HSTS leaves subdomains out",
        why: "A subdomain reached by plain HTTP can set cookies for the whole domain.",
        fix: "Set SECURE_HSTS_INCLUDE_SUBDOMAINS = True if every subdomain is served by HTTPS.",
        docs: "ref/settings/#secure-hsts-include-subdomains",
        setting: "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        message: "SECURE_HSTS_INCLUDE_SUBDOMAINS is not True",
        hint: "SECURE_HSTS_INCLUDE_SUBDOMAINS = True, if every subdomain has HTTPS",
        when: (j) => and(and(security(j), isTruthy(j, "SECURE_HSTS_SECONDS")), not(isExactlyTrue(j, "SECURE_HSTS_INCLUDE_SUBDOMAINS"))),
    }),
    rule({
        id: "security.W021",
        level: "warning",
        https: true,
        title: "HSTS is not ready for preload lists",
        why: "Without it the first visit of a browser is not protected.",
        fix: "Set SECURE_HSTS_PRELOAD = True if the domain shall be in browsers' preload lists.",
        docs: "ref/settings/#secure-hsts-preload",
        setting: "SECURE_HSTS_PRELOAD",
        message: "SECURE_HSTS_PRELOAD is not True",
        hint: "SECURE_HSTS_PRELOAD = True, or ignore this id with a reason",
        when: (j) => and(and(security(j), isTruthy(j, "SECURE_HSTS_SECONDS")), not(isExactlyTrue(j, "SECURE_HSTS_PRELOAD"))),
    }),
    rule({
        id: "security.W008",
        level: "warning",
        https: true,
        title: "Plain HTTP is not redirected to HTTPS",
        why: "Pages and cookies can then be had by plain HTTP, unless the web server in front redirects.",
        fix: "Set SECURE_SSL_REDIRECT = True (with SECURE_PROXY_SSL_HEADER behind a proxy), or let nginx redirect and ignore this id.",
        docs: "ref/settings/#secure-ssl-redirect",
        setting: "SECURE_SSL_REDIRECT",
        message: "SECURE_SSL_REDIRECT is not True",
        hint: "SECURE_SSL_REDIRECT = True, or ignore this id where nginx redirects",
        when: (j) => and(security(j), not(isExactlyTrue(j, "SECURE_SSL_REDIRECT"))),
    }),
    rule({
        id: "djdeploy.security-middleware-late",
        level: "warning",
        setting: "MIDDLEWARE",
        title: "SecurityMiddleware is not first",
        why: "Middleware before it answers without its redirect and headers; WhiteNoise belongs directly after it.",
        fix: "Put it first in MIDDLEWARE.",
        docs: "ref/middleware/#middleware-ordering",
        when: (j) => {
            const items = certainItems(setting(j, "MIDDLEWARE"));
            const at = items?.findIndex((i) => i.t === "str" && i.v === SECURITY) ?? -1;
            const before = at > 0 ? items?.slice(0, at) : [];
            const harmless = (v) => v.t === "str" && /cors|prometheus|RequestId|healthcheck|csp/i.test(v.v);
            return bool((before ?? []).some((v) => v.t === "str" && !harmless(v)));
        },
    }),
    rule({
        id: "djdeploy.hsts-preload-short",
        level: "warning",
        https: true,
        setting: "SECURE_HSTS_PRELOAD",
        title: "HSTS preload is on, but its conditions are not met",
        why: "Preload lists want a year (31536000) and includeSubDomains; the header then has no effect.",
        fix: "Set SECURE_HSTS_SECONDS = 31536000 and SECURE_HSTS_INCLUDE_SUBDOMAINS = True, or turn preload off.",
        when: (j) => {
            const short = holds(j, setting(j, "SECURE_HSTS_SECONDS"), (o) => o.t === "num" && o.v > 0 && o.v < 31536000, "is short");
            const narrow = and(isTruthy(j, "SECURE_HSTS_SECONDS"), not(isTruthy(j, "SECURE_HSTS_INCLUDE_SUBDOMAINS")));
            return and(isTruthy(j, "SECURE_HSTS_PRELOAD"), or(short, narrow));
        },
    }),
    {
        id: "djdeploy.redirect-loop",
        // What the server is told of its proxy is not all seen here; the probe before the switch is the judge.
        level: "warning",
        https: true,
        title: "The redirect to HTTPS never ends",
        why: "Behind a proxy every request looks like plain HTTP to Django, so it redirects for ever. Gunicorn takes the scheme from its proxy by itself; other servers do not.",
        fix: 'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"); the nginx site of a deploy sends it.',
        docs: "ref/settings/#secure-proxy-ssl-header",
        check: (j) => [
            {
                when: and(and(security(j), isTruthy(j, "SECURE_SSL_REDIRECT")), schemeIsLost(j)),
                setting: "SECURE_SSL_REDIRECT",
                message: `SECURE_SSL_REDIRECT is on, and ${j.input.deployment?.server} does not tell Django that a request came by HTTPS: it redirects for ever`,
            },
        ],
    },
    rule({
        id: "djdeploy.hsts-template-value",
        level: "info",
        https: true,
        setting: "SECURE_HSTS_SECONDS",
        title: "HSTS lasts a minute only",
        why: "60 seconds is the value of project templates, meant for the first day.",
        fix: "Raise SECURE_HSTS_SECONDS to 3600, then to a year (31536000), once HTTPS works everywhere.",
        when: (j) => and(security(j), holds(j, setting(j, "SECURE_HSTS_SECONDS"), (o) => o.t === "num" && o.v > 0 && o.v <= 60, "is 60")),
    }),
    {
        id: "djdeploy.health-path-redirected",
        level: "warning",
        title: "The health check is answered with a redirect",
        why: "SECURE_SSL_REDIRECT sends the probe to HTTPS, and health.status does not count a redirect as healthy.",
        fix: "Add the path to SECURE_REDIRECT_EXEMPT (without its first slash), or ask with health.scheme: https.",
        docs: "ref/settings/#secure-redirect-exempt",
        check: (j) => {
            const health = j.input.deployment?.health;
            if (health?.scheme !== "http" || health.status === "auto")
                return [];
            if (health.status.some((code) => code >= 300 && code < 400))
                return [];
            const exempt = someText(j, setting(j, "SECURE_REDIRECT_EXEMPT"), (p) => fits(j, p, health.path));
            return [
                {
                    when: and(and(security(j), isTruthy(j, "SECURE_SSL_REDIRECT")), not(exempt)),
                    setting: "SECURE_SSL_REDIRECT",
                    message: `SECURE_SSL_REDIRECT redirects the health check of ${health.path}`,
                },
            ];
        },
    },
    rule({
        id: "djdeploy.proxy-header",
        level: "error",
        setting: "SECURE_PROXY_SSL_HEADER",
        title: "SECURE_PROXY_SSL_HEADER never matches",
        why: "It must be a pair, and name the header as WSGI does: HTTP_, upper case, underscores.",
        fix: 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https").',
        when: (j) => holds(j, setting(j, "SECURE_PROXY_SSL_HEADER"), (o) => {
            if (o.t === "none")
                return false;
            const items = certainItems(o);
            if (!items)
                return o.t !== "list";
            const [name] = items;
            return items.length !== 2 || (name?.t === "str" && !/^HTTP_[A-Z0-9_]+$/.test(name.v));
        }, "never matches"),
    }),
    ...Object.entries(transport_FLAGS).map(([name, partOf]) => ({
        id: `djdeploy.${name.toLowerCase().replace(/_/g, "-")}-text`,
        level: "warning",
        title: `${name} is a text`,
        why: "Every text but the empty one counts as on, 'False' included, and Django's check wants exactly True.",
        fix: `Cast the text: ${name} = os.environ.get("${name}", "").lower() in ("1", "true").`,
        docs: settingDocs(name),
        partOf,
        check: (j) => [
            {
                when: holds(j, setting(j, name), (o) => o.t === "str" && o.v !== "", "is a text"),
                setting: name,
                message: `${name} is a text, and every text but the empty one turns it on`,
            },
        ],
    })),
    {
        id: "djdeploy.redirect-exempt-slash",
        level: "warning",
        title: "An entry of SECURE_REDIRECT_EXEMPT never matches",
        why: "Patterns are compared with the path without its first slash.",
        fix: "Remove the leading slash.",
        docs: "ref/settings/#secure-redirect-exempt",
        check: (j) => judge_elements(j, setting(j, "SECURE_REDIRECT_EXEMPT")).map(({ item, when }) => ({
            when: item.t === "str" && /^\^?\//.test(item.v) ? when : FALSE,
            setting: "SECURE_REDIRECT_EXEMPT",
            message: "an entry of SECURE_REDIRECT_EXEMPT starts with a slash and never matches",
        })),
    },
    rule({
        id: "djdeploy.forwarded-host",
        level: "warning",
        setting: "USE_X_FORWARDED_HOST",
        title: "X-Forwarded-Host is trusted",
        why: "Unless the proxy in front overwrites it, visitors choose the host that links are built with.",
        fix: "Leave USE_X_FORWARDED_HOST off; nginx passes the real Host.",
        when: (j) => isTruthy(j, "USE_X_FORWARDED_HOST"),
    }),
];

;// CONCATENATED MODULE: ./build/src/lint/rules/address.js







const COMMON = "django.middleware.common.CommonMiddleware";
const CSRF = "django.middleware.csrf.CsrfViewMiddleware";
/** Visitors come by plain HTTP, says djdeploy.yml: there is a `url` with http, and nothing that ends TLS. */
function plainHttp(j) {
    const { url, tls } = j.input.deployment ?? {};
    return url && !tls && url.startsWith("http:") ? url : null;
}
/** Browsers take these for safe, whatever the scheme. */
const isLocal = (url) => /^http:\/\/(?:[\w.-]+\.)?(?:localhost|127\.[\d.]+|\[::1\])(?::|\/|$)/.test(url);
/** Settings that contradict the `url`, the `domains` and the `tls` of the environment: a deploy would fail on them later. */
const addressRules = [
    {
        id: "djdeploy.redirect-without-tls",
        level: "error",
        title: "Every request is sent to HTTPS, which nobody serves",
        why: "The environment's url is plain HTTP and tls is none, so the address of the redirect does not answer.",
        fix: "Write tls and an https url into djdeploy.yml, or turn SECURE_SSL_REDIRECT off for this environment.",
        docs: settingDocs("SECURE_SSL_REDIRECT"),
        check: (j) => {
            const url = plainHttp(j);
            if (url === null)
                return [];
            const all = someText(j, setting(j, "SECURE_REDIRECT_EXEMPT"), (p) => ["", ".*", "^", "^.*$", ".*?"].includes(p));
            return [
                {
                    when: and(and(hasMiddleware(j, SECURITY), isTruthy(j, "SECURE_SSL_REDIRECT")), not(all)),
                    setting: "SECURE_SSL_REDIRECT",
                    message: `SECURE_SSL_REDIRECT is on, and ${url} has no TLS: every request is sent to an address that nobody serves`,
                    hint: "set tls and an https url in djdeploy.yml, or turn it off for this environment",
                },
            ];
        },
    },
    {
        id: "djdeploy.secure-cookie-without-tls",
        level: "warning",
        title: "Cookies are for HTTPS only, and the site is not",
        why: "Browsers do not send back a secure cookie over plain HTTP: nobody stays logged in, every form gets 403.",
        fix: "Write tls and an https url into djdeploy.yml, or turn the setting off for this environment.",
        docs: settingDocs("SESSION_COOKIE_SECURE"),
        check: (j) => {
            const url = plainHttp(j);
            if (url === null || isLocal(url))
                return [];
            const cookies = [
                ["SESSION_COOKIE_SECURE", or(hasApp(j, "django.contrib.sessions"), isTruthy(j, "CSRF_USE_SESSIONS"))],
                ["CSRF_COOKIE_SECURE", and(hasMiddleware(j, CSRF), not(isTruthy(j, "CSRF_USE_SESSIONS")))],
            ];
            return cookies.map(([name, used]) => ({
                when: and(used, isTruthy(j, name)),
                setting: name,
                message: `${name} is on, and ${url} is plain HTTP: browsers do not send the cookie back`,
            }));
        },
    },
    {
        id: "djdeploy.trusted-origin-scheme",
        level: "warning",
        from: [4, 0],
        title: "CSRF_TRUSTED_ORIGINS names the site with another scheme",
        why: "An origin is compared with its scheme: the entry never matches what browsers send.",
        fix: "Write the scheme of the environment's url.",
        docs: settingDocs("CSRF_TRUSTED_ORIGINS"),
        check: originScheme,
    },
    {
        id: "djdeploy.redirect-elsewhere",
        level: "warning",
        title: "Requests are redirected to a name that is not deployed to",
        why: "SECURE_SSL_HOST and PREPEND_WWW send visitors to a name that djdeploy.yml does not list: nginx does not serve it.",
        fix: "Add the name to domains, or correct the setting.",
        docs: settingDocs("SECURE_SSL_HOST"),
        check: redirects,
    },
];
function originScheme(j) {
    const { url, tls, domains = [] } = j.input.deployment ?? {};
    const scheme = tls ? "https" : url && plainHttp(j) ? "http" : null;
    if (scheme === null)
        return [];
    const other = scheme === "https" ? "http" : "https";
    return domains.flatMap((domain) => {
        const entries = questions_texts(j, setting(j, "CSRF_TRUSTED_ORIGINS"));
        const named = (by) => entries
            .filter(({ text }) => text.startsWith(`${by}://`) && allows(text.slice(by.length + 3).replace(/^\*/, ""), domain))
            .reduce((any, { when }) => or(any, when), FALSE);
        return [
            {
                when: and(named(other), not(named(scheme))),
                setting: "CSRF_TRUSTED_ORIGINS",
                message: `CSRF_TRUSTED_ORIGINS names ${other}://${domain}, and visitors come by ${scheme}`,
            },
        ];
    });
}
function redirects(j) {
    const { domains = [], tls = false } = j.input.deployment ?? {};
    if (domains.length === 0)
        return [];
    const served = (host) => domains.some((domain) => domain.toLowerCase() === host.toLowerCase());
    const bare = domains.filter((domain) => !/^www\.|^[\d.]+$|:|^localhost$/i.test(domain) && !served(`www.${domain}`));
    const to = {
        when: and(and(hasMiddleware(j, SECURITY), isTruthy(j, "SECURE_SSL_REDIRECT")), textHolds(j, setting(j, "SECURE_SSL_HOST"), (host) => host !== "" && !served(host.replace(/:\d+$/, "")), "is another")),
        setting: "SECURE_SSL_HOST",
        message: `SECURE_SSL_HOST is none of ${domains.join(", ")}`,
    };
    const www = bare.map((domain) => ({
        when: and(hasMiddleware(j, COMMON), isTruthy(j, "PREPEND_WWW")),
        setting: "PREPEND_WWW",
        message: `PREPEND_WWW sends visitors of ${domain} to www.${domain}, which is not among the domains`,
    }));
    return [...(tls ? [to] : []), ...www];
}

;// CONCATENATED MODULE: ./build/src/lint/rules/apps.js






/** What the admin needs (django.contrib.admin.checks): id, what is missing, what to add. */
const ADMIN_APPS = [
    ["admin.E401", "django.contrib.contenttypes"],
    ["admin.E405", "django.contrib.auth"],
    ["admin.E406", "django.contrib.messages"],
];
const ADMIN_MIDDLEWARE = [
    ["admin.E408", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    ["admin.E409", "django.contrib.messages.middleware.MessageMiddleware"],
    ["admin.E410", "django.contrib.sessions.middleware.SessionMiddleware"],
];
const ADMIN_PROCESSORS = [
    ["admin.E402", "django.contrib.auth.context_processors.auth"],
    ["admin.E404", "django.contrib.messages.context_processors.messages"],
];
const DJANGO_TEMPLATES = "django.template.backends.django.DjangoTemplates";
const admin = (j) => or(hasApp(j, "django.contrib.admin"), hasApp(j, "django.contrib.admin.apps.AdminConfig"));
function adminRule(id, what, setting, check) {
    return {
        id,
        level: "error",
        from: [2, 2],
        title: `The admin needs ${what.split(".").slice(-1)[0]}`,
        why: "Django refuses to start its checks, and a migrate or a deploy with it.",
        fix: `Add "${what}" to ${setting === "TEMPLATES" ? "the context processors of TEMPLATES" : setting}.`,
        docs: "ref/contrib/admin/",
        check: (j) => [
            {
                when: and(admin(j), check(j)),
                setting,
                message: `the admin is installed, but "${what}" is not in ${setting}`,
            },
        ],
    };
}
/** Family F, what is installed. */
const appRules = [
    {
        id: "djdeploy.app-twice",
        level: "error",
        title: "An app is installed twice",
        why: "Django does not start: application labels are not unique.",
        fix: "Remove one of the entries.",
        docs: "ref/settings/#installed-apps",
        check: (j) => twice(j),
    },
    {
        id: "djdeploy.app-missing",
        level: "error",
        title: "An installed app of the project is not there",
        why: "Django does not start: there is no such module.",
        fix: "Correct the name in INSTALLED_APPS, or add the app to git.",
        docs: settingDocs("INSTALLED_APPS"),
        check: missingApps,
    },
    ...ADMIN_APPS.map(([id, app]) => adminRule(id, app, "INSTALLED_APPS", (j) => 
    // An AppConfig by its own path is the app too.
    not(someText(j, setting(j, "INSTALLED_APPS"), (a) => a === app || a.startsWith(`${app}.`))))),
    ...ADMIN_MIDDLEWARE.map(([id, path]) => adminRule(id, path, "MIDDLEWARE", (j) => onlyKnown(j) ? not(someText(j, setting(j, "MIDDLEWARE"), (m) => m === path)) : FALSE)),
    ...ADMIN_PROCESSORS.map(([id, path]) => adminRule(id, path, "TEMPLATES", (j) => (id === "admin.E402" && !ownBackend(j) ? FALSE : apps_lacks(j, path)))),
    {
        id: "admin.E403",
        level: "error",
        from: [2, 2],
        title: "The admin needs Django's templates",
        why: "No engine of TEMPLATES is DjangoTemplates: the admin cannot be shown.",
        fix: `Add an engine with "BACKEND": "${DJANGO_TEMPLATES}" to TEMPLATES.`,
        docs: "ref/contrib/admin/",
        check: (j) => [
            {
                when: engines(j).length === 0 && certainItems(setting(j, "TEMPLATES")) ? admin(j) : FALSE,
                setting: "TEMPLATES",
                message: "the admin is installed, but no engine of TEMPLATES is DjangoTemplates",
            },
        ],
    },
];
/** Every middleware is Django's own: a project's could be a subclass of the one that is looked for. */
function onlyKnown(j) {
    return questions_texts(j, setting(j, "MIDDLEWARE")).every(({ text }) => /^(django|whitenoise|corsheaders|debug_toolbar)\./.test(text));
}
/** The check for auth's context processor is only made where users are kept by Django's own backend. */
function ownBackend(j) {
    const named = j.evaluation.settings.has("AUTHENTICATION_BACKENDS");
    const own = questions_texts(j, setting(j, "AUTHENTICATION_BACKENDS"));
    return !named || own.some(({ text }) => text === "django.contrib.auth.backends.ModelBackend");
}
/** The engines that are DjangoTemplates, or may be. */
function engines(j) {
    return judge_elements(j, setting(j, "TEMPLATES"))
        .filter(({ item }) => {
        const backend = judge_within(j, item, "BACKEND");
        // A project's own engine may be a subclass.
        return backend.t !== "str" || !/jinja/i.test(backend.v);
    })
        .map(({ item }) => item);
}
/** Every DjangoTemplates engine lacks the context processor. */
function apps_lacks(j, path) {
    const own = engines(j);
    let all = own.length > 0 ? TRUE : FALSE;
    for (const engine of own)
        all = and(all, not(someText(j, judge_within(j, engine, "OPTIONS", "context_processors"), (p) => p === path)));
    return all;
}
function twice(j) {
    const apps = setting(j, "INSTALLED_APPS");
    const content = apps.t === "list" ? apps.content : apps;
    if (content.t !== "tuple")
        return [];
    const seen = new Set();
    const found = [];
    for (const item of content.items) {
        if (item.t !== "str")
            continue;
        if (seen.has(item.v))
            found.push({
                when: bool(true),
                setting: "INSTALLED_APPS",
                message: `INSTALLED_APPS lists ${item.v} twice`,
            });
        seen.add(item.v);
    }
    return found;
}
/** Apps below a package of the repository for which there is no folder and no module. */
function missingApps(j) {
    const root = (j.input.root ?? ".").replace(/^\.?\/?$/, "");
    const files = j.input.files.list();
    const at = (path) => (root ? `${root}/${path}` : path);
    const has = (path) => files.some((f) => f === `${path}.py` || f.startsWith(`${path}/`));
    return questions_texts(j, setting(j, "INSTALLED_APPS")).flatMap(({ text, when }) => {
        const parts = text.split(".");
        const top = parts[0];
        if (!isOwn(j.evaluation, when))
            return [];
        if (parts.length < 2 || !files.includes(at(`${top}/__init__.py`)))
            return [];
        if (has(at(parts.join("/"))))
            return [];
        // The last part may be a class of the module before it.
        if (/^[A-Z]/.test(parts.at(-1)) && has(at(parts.slice(0, -1).join("/"))))
            return [];
        return [
            {
                when,
                setting: "INSTALLED_APPS",
                message: `INSTALLED_APPS names ${text}, which is not in the repository`,
            },
        ];
    });
}

;// CONCATENATED MODULE: ./build/src/lint/rules/caches.js





const backend = (j, cache, test) => textHolds(j, judge_within(j, cache, "BACKEND"), test, "is such a cache");
const inFiles = (j, cache) => backend(j, cache, (b) => b.includes("filebased"));
/** The default cache is one that each process has for itself, or none at all. */
const perProcess = (j) => backend(j, judge_within(j, setting(j, "CACHES"), "default"), (b) => /\.(locmem|dummy)\./.test(b));
/** Family P: caches. */
const cacheRules = [
    rule({
        id: "caches.E001",
        level: "error",
        setting: "CACHES",
        title: "CACHES has no default",
        why: "Django refuses to start its checks, and everything that caches fails.",
        fix: 'Add a "default" entry.',
        when: (j) => and(isSet(j, "CACHES"), isMissing(j, judge_within(j, setting(j, "CACHES"), "default"))),
    }),
    {
        id: "caches.W002",
        level: "warning",
        from: [3, 2],
        title: "A file cache lies among files that are served",
        why: "Visitors can fetch what was cached, and whoever can upload can have it unpickled.",
        fix: "Give LOCATION a folder of its own, outside MEDIA_ROOT and STATIC_ROOT.",
        docs: "topics/cache/#filesystem-caching",
        check: exposed,
    },
    {
        id: "caches.W003",
        level: "warning",
        title: "A file cache with a relative path",
        why: "Where it lies depends on the folder the server was started from.",
        fix: "Give LOCATION an absolute path.",
        docs: settingDocs("CACHES"),
        check: (j) => questions_eachOf(j, "CACHES", (cache) => and(inFiles(j, cache), textHolds(j, judge_within(j, cache, "LOCATION"), (l) => !l.startsWith("/"), "is relative"))).map(({ key, when }) => ({
            when,
            setting: "CACHES",
            message: `the file cache "${key}" has a relative path`,
        })),
    },
    rule({
        id: "djdeploy.session-in-process-cache",
        level: "warning",
        setting: "SESSION_ENGINE",
        title: "Sessions in a cache that each worker has for itself",
        why: "A visitor who meets another worker is logged out.",
        fix: "Use a shared cache (Redis, Memcached, database) or sessions in the database.",
        when: (j) => and(textHolds(j, setting(j, "SESSION_ENGINE"), (e) => e === "django.contrib.sessions.backends.cache", "is cached"), perProcess(j)),
    }),
    rule({
        id: "djdeploy.throttle-in-process-cache",
        level: "warning",
        setting: "CACHES",
        title: "Limits are counted by each worker for itself",
        why: "With four workers four times as many attempts go through, and every restart begins anew.",
        fix: "Use a shared cache (Redis, Memcached, database) as the default.",
        when: (j) => {
            const throttles = judge_within(j, setting(j, "REST_FRAMEWORK"), "DEFAULT_THROTTLE_CLASSES");
            const rest = and(hasApp(j, "rest_framework"), truthyList(j, throttles));
            const axes = and(hasApp(j, "axes"), textHolds(j, setting(j, "AXES_HANDLER"), (h) => h.endsWith("AxesCacheHandler"), "is the cache"));
            const limits = or(or(rest, axes), or(hasApp(j, "django_ratelimit"), hasApp(j, "ratelimit")));
            return and(limits, perProcess(j));
        },
    }),
];
function truthyList(j, v) {
    let any = FALSE;
    for (const { when } of judge_elements(j, v))
        any = or(any, when);
    return any;
}
/** As Django's check compares them: the same folder, one within the other, either way round. */
function exposed(j) {
    const served = ["MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_DIRS"];
    return served.flatMap((name) => {
        const value = setting(j, name);
        const folders = name === "STATICFILES_DIRS" ? judge_elements(j, value) : [{ item: value, when: isTruthy(j, name) }];
        return folders.flatMap(({ item, when }) => {
            if (item.t !== "str" && item.t !== "path")
                return [];
            const near = (l) => l.startsWith("/") && (isInside(l, item.v) || isInside(item.v, l));
            return questions_eachOf(j, "CACHES", (cache) => and(and(when, inFiles(j, cache)), textHolds(j, judge_within(j, cache, "LOCATION"), near, "is served"))).map((found) => ({
                when: found.when,
                setting: "CACHES",
                message: `the file cache "${found.key}" lies in, around or at ${name}`,
            }));
        });
    });
}

;// CONCATENATED MODULE: ./build/src/lint/rules/content-policy.js





const POLICIES = ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"];
const MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware";
const PROCESSOR = "django.template.context_processors.csp";
/** How Django writes CSP.NONCE in a policy. */
const NONCE = "<CSP_NONCE_SENTINEL>";
/** Family X, who may load what: content security policies and CORS. */
const contentPolicyRules = [
    {
        id: "security.E026",
        level: "error",
        from: [6, 0],
        title: "A content security policy is no dict",
        why: "Django refuses it.",
        fix: "Make it a dict of directives.",
        docs: settingDocs("SECURE_CSP"),
        check: (j) => POLICIES.map((name) => ({
            when: and(isSet(j, name), holds(j, setting(j, name), (o) => o.t !== "dict" && o.t !== "none", "is no dict")),
            setting: name,
            message: `${name} is no dict`,
        })),
    },
    {
        id: "security.W027",
        level: "warning",
        from: [6, 1],
        title: "A policy wants nonces that no template can have",
        why: "Browsers then refuse every inline script and style.",
        fix: `Add "${PROCESSOR}" to the context processors of TEMPLATES.`,
        docs: settingDocs("SECURE_CSP"),
        check: (j) => POLICIES.map((name) => ({
            when: and(and(hasMiddleware(j, MIDDLEWARE), anySource(j, name, (s) => s === NONCE)), not(processor(j))),
            setting: name,
            message: `${name} uses CSP.NONCE, but no template engine has the csp context processor`,
        })),
    },
    {
        id: "djdeploy.csp-unsafe-inline",
        level: "warning",
        title: "The content security policy allows inline scripts",
        why: "A script that an attacker gets into a page then runs as if it were yours, which is what the policy is for.",
        fix: "Use nonces or hashes for inline scripts instead of 'unsafe-inline'.",
        docs: settingDocs("SECURE_CSP"),
        check: (j) => [
            {
                when: or(and(hasMiddleware(j, MIDDLEWARE), inline(j, setting(j, "SECURE_CSP"))), and(hasMiddleware(j, "csp.middleware.CSPMiddleware"), otherInline(j))),
                setting: isThere(j, "SECURE_CSP") ? "SECURE_CSP" : "CONTENT_SECURITY_POLICY",
                message: "the content security policy allows 'unsafe-inline' scripts",
            },
        ],
    },
    {
        id: "djdeploy.cors-all-origins",
        level: "warning",
        title: "Every site may read your answers",
        why: "CORS_ALLOW_ALL_ORIGINS lets any page's scripts call this site; with credentials, in the visitor's name.",
        fix: "List the origins in CORS_ALLOWED_ORIGINS.",
        docs: "https://github.com/adamchainz/django-cors-headers",
        check: (j) => {
            const names = ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"];
            const on = (name) => and(isSet(j, name), isTruthy(j, name));
            // With SameSite=Lax, the default, browsers keep the session's cookie to themselves.
            const credentials = and(on("CORS_ALLOW_CREDENTIALS"), cookiesGoAlong(j));
            return names.flatMap((name) => {
                const all = and(hasApp(j, "corsheaders"), on(name));
                return [
                    {
                        when: and(all, credentials),
                        setting: name,
                        level: "error",
                        message: `${name} with CORS_ALLOW_CREDENTIALS: every site may act in the name of your visitors`,
                    },
                    {
                        when: and(all, not(credentials)),
                        setting: name,
                        message: `${name} is on: every site's scripts may read your answers`,
                    },
                ];
            });
        },
    },
];
const cookiesGoAlong = (j) => holds(j, setting(j, "SESSION_COOKIE_SAMESITE"), (o) => o.t === "none" || (o.t === "bool" && !o.v) || (o.t === "str" && o.v.toLowerCase() === "none"), "lets cookies go along");
const isThere = (j, name) => j.evaluation.settings.has(name);
/** Does some directive of the policy hold such a source? */
function anySource(j, name, test) {
    let any = FALSE;
    for (const { value, when } of entries(j, setting(j, name)))
        any = or(any, and(when, someText(j, value, test)));
    return any;
}
const unsafe = (j, sources) => someText(j, sources, (s) => s === "'unsafe-inline'");
/** With a nonce, a hash or strict-dynamic, browsers ignore 'unsafe-inline'. */
const strict = (j, sources) => someText(j, sources, (s) => s === NONCE || /^'(nonce-|sha\d+-|strict-dynamic)/.test(s));
/** script-src decides; where it is missing, default-src. */
function inline(j, policy) {
    const own = judge_within(j, policy, "script-src");
    const general = judge_within(j, policy, "default-src");
    const missing = holds(j, own, (o) => o.t === "missing", "is missing");
    const loose = (v) => and(unsafe(j, v), not(strict(j, v)));
    return or(loose(own), and(missing, loose(general)));
}
/** django-csp: CONTENT_SECURITY_POLICY (4.0 and later), CSP_SCRIPT_SRC before. */
function otherInline(j) {
    const old = setting(j, "CSP_SCRIPT_SRC");
    return or(inline(j, judge_within(j, setting(j, "CONTENT_SECURITY_POLICY"), "DIRECTIVES")), unsafe(j, old));
}
function processor(j) {
    let any = FALSE;
    for (const { item, when } of judge_elements(j, setting(j, "TEMPLATES")))
        any = or(any, and(when, someText(j, judge_within(j, item, "OPTIONS", "context_processors"), (p) => p === PROCESSOR)));
    return any;
}

;// CONCATENATED MODULE: ./build/src/lint/rules/cookies.js





const cookies_CSRF = "django.middleware.csrf.CsrfViewMiddleware";
const sessionApp = (j) => hasApp(j, "django.contrib.sessions");
const sessionMiddleware = (j) => hasMiddleware(j, "django.contrib.sessions.middleware.SessionMiddleware");
/** The three ids that Django gives one question about the session cookie, by what is installed. */
function sessionRules(name, ids, title, why, https) {
    const off = (j) => not(isExactlyTrue(j, name));
    const cases = [
        [ids[0], (j) => and(sessionApp(j), not(sessionMiddleware(j)))],
        [ids[1], (j) => and(sessionMiddleware(j), not(sessionApp(j)))],
        [ids[2], (j) => and(sessionApp(j), sessionMiddleware(j))],
    ];
    return cases.map(([id, installed]) => ({
        id,
        level: "warning",
        https,
        title,
        why,
        fix: `Set ${name} = True.`,
        docs: `ref/settings/#${name.toLowerCase().replace(/_/g, "-")}`,
        check: (j) => [
            {
                when: and(installed(j), off(j)),
                setting: name,
                message: `${name} is not True`,
                hint: `${name} = True`,
            },
        ],
    }));
}
/** Family C: cookies and CSRF. */
const cookieRules = [
    ...sessionRules("SESSION_COOKIE_SECURE", ["security.W010", "security.W011", "security.W012"], "The session cookie is sent over plain HTTP", "Anyone on the way can take over the session.", true),
    ...sessionRules("SESSION_COOKIE_HTTPONLY", ["security.W013", "security.W014", "security.W015"], "Scripts can read the session cookie", "A cross-site scripting hole then gives the session away.", false),
    rule({
        id: "security.W003",
        level: "warning",
        title: "CsrfViewMiddleware is missing",
        why: "Other sites can then send forms in the name of your visitors.",
        fix: `Add "${cookies_CSRF}" to MIDDLEWARE.`,
        docs: "ref/csrf/",
        setting: "MIDDLEWARE",
        message: "CsrfViewMiddleware is not in MIDDLEWARE",
        hint: `add "${cookies_CSRF}"`,
        when: (j) => not(hasMiddleware(j, cookies_CSRF)),
    }),
    rule({
        id: "security.W016",
        level: "warning",
        https: true,
        title: "The CSRF cookie is sent over plain HTTP",
        why: "Anyone on the way can read the token.",
        fix: "Set CSRF_COOKIE_SECURE = True.",
        docs: "ref/settings/#csrf-cookie-secure",
        setting: "CSRF_COOKIE_SECURE",
        message: "CSRF_COOKIE_SECURE is not True",
        hint: "CSRF_COOKIE_SECURE = True",
        when: (j) => and(and(hasMiddleware(j, cookies_CSRF), not(isTruthy(j, "CSRF_USE_SESSIONS"))), not(isExactlyTrue(j, "CSRF_COOKIE_SECURE"))),
    }),
    {
        id: "4_0.E001",
        level: "error",
        from: [4, 0],
        title: "A trusted origin has no scheme",
        why: "Django 4 and later refuse it: forms from that origin get 403.",
        fix: 'Write the scheme: "https://www.example.com".',
        docs: "ref/settings/#csrf-trusted-origins",
        check: (j) => judge_elements(j, setting(j, "CSRF_TRUSTED_ORIGINS")).map(({ item, when }) => ({
            when: item.t === "str" && !item.v.includes("://") ? when : FALSE,
            setting: "CSRF_TRUSTED_ORIGINS",
            message: `${named(j, "entry", item, when)} of CSRF_TRUSTED_ORIGINS has no scheme`,
        })),
    },
    rule({
        id: "djdeploy.samesite-none",
        level: "warning",
        setting: "SESSION_COOKIE_SAMESITE",
        title: "SameSite=None without Secure",
        why: "Browsers drop such a cookie: nobody can log in.",
        fix: "Set SESSION_COOKIE_SECURE = True, or SESSION_COOKIE_SAMESITE = 'Lax'.",
        when: (j) => and(holds(j, setting(j, "SESSION_COOKIE_SAMESITE"), (o) => o.t === "str" && o.v.toLowerCase() === "none", "is None"), not(isTruthy(j, "SESSION_COOKIE_SECURE"))),
    }),
    {
        id: "djdeploy.session-pickle",
        level: "warning",
        title: "Sessions are pickled",
        why: "Whoever learns SECRET_KEY can then run code on the server; Django 5 has no such serializer at all.",
        fix: "Remove SESSION_SERIALIZER: JSON is the default.",
        docs: settingDocs("SESSION_SERIALIZER"),
        check: (j) => [
            {
                when: textHolds(j, setting(j, "SESSION_SERIALIZER"), (name) => name.endsWith("PickleSerializer"), "is pickle"),
                setting: "SESSION_SERIALIZER",
                level: since(j, 5) ? "error" : "warning",
                message: since(j, 5)
                    ? "SESSION_SERIALIZER names a serializer that Django 5 does not have"
                    : "sessions are pickled: whoever learns SECRET_KEY can run code on the server",
            },
        ],
    },
];

;// CONCATENATED MODULE: ./build/src/lint/rules/cookie-scope.js






const COOKIES = ["SESSION", "CSRF"];
/** Family C, where cookies are valid and for how long. */
const cookieScopeRules = [
    {
        id: "djdeploy.cookie-prefix",
        level: "warning",
        title: "A cookie name promises what is not set",
        why: "Browsers drop a __Host- or __Secure- cookie that is not Secure, and a __Host- cookie with a domain or a path.",
        fix: "Set …_COOKIE_SECURE = True, and for __Host- neither …_COOKIE_DOMAIN nor …_COOKIE_PATH.",
        docs: "ref/settings/#session-cookie-name",
        check: (j) => COOKIES.map((cookie) => ({
            when: brokenPromise(j, cookie),
            setting: `${cookie}_COOKIE_NAME`,
            message: `browsers drop the cookie that ${cookie}_COOKIE_NAME names: its prefix promises what is not set`,
        })),
    },
    {
        id: "djdeploy.cookie-domain",
        level: "error",
        title: "A cookie's domain is not the site's",
        why: "Browsers drop a cookie for another domain: nobody can log in or send a form.",
        fix: "Remove the setting, or write the site's own domain.",
        docs: "ref/settings/#session-cookie-domain",
        check: (j) => {
            const domains = j.input.deployment?.domains ?? [];
            if (domains.length === 0)
                return [];
            return COOKIES.map((cookie) => ({
                when: textHolds(j, setting(j, `${cookie}_COOKIE_DOMAIN`), (own) => own !== "" && !domains.some((domain) => belongs(domain, own)), "is another domain"),
                setting: `${cookie}_COOKIE_DOMAIN`,
                message: `${cookie}_COOKIE_DOMAIN is not the domain of ${domains.join(", ")}: browsers drop the cookie`,
            }));
        },
    },
    {
        id: "djdeploy.trusted-origins",
        level: "warning",
        from: [4, 0],
        https: true,
        title: "Forms are refused behind the proxy",
        why: "Django sees plain HTTP and a browser says https, so every POST is answered with 403.",
        fix: 'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"), or name the origin in CSRF_TRUSTED_ORIGINS.',
        docs: "ref/settings/#csrf-trusted-origins",
        check: (j) => {
            const { domains = [], tls = false } = j.input.deployment ?? {};
            return (tls ? domains : []).map((domain) => ({
                when: and(and(hasMiddleware(j, cookies_CSRF), schemeIsLost(j)), not(someText(j, setting(j, "CSRF_TRUSTED_ORIGINS"), (o) => trusts(o, domain)))),
                setting: "CSRF_TRUSTED_ORIGINS",
                message: `Django does not learn that https://${domain} is HTTPS and does not trust it: every POST gets 403`,
            }));
        },
    },
    rule({
        id: "djdeploy.session-signed-cookies",
        level: "info",
        setting: "SESSION_ENGINE",
        title: "Sessions live in the visitors' browsers",
        why: "Everyone can read his own session, a log-out does not end a copied one, and 4 KB is all there is.",
        fix: "Stay with it knowingly, or use sessions in the database.",
        docs: "topics/http/sessions/#using-cookie-based-sessions",
        when: (j) => textHolds(j, setting(j, "SESSION_ENGINE"), (e) => e.endsWith("backends.signed_cookies"), "is in cookies"),
    }),
    rule({
        id: "djdeploy.session-age",
        level: "info",
        setting: "SESSION_COOKIE_AGE",
        title: "Sessions last longer than 30 days",
        why: "A forgotten log-in on a foreign computer stays open for as long.",
        fix: "Lower SESSION_COOKIE_AGE (seconds; the default is two weeks).",
        when: (j) => holds(j, setting(j, "SESSION_COOKIE_AGE"), (o) => o.t === "num" && o.v > 30 * 86_400, "is long"),
    }),
];
function brokenPromise(j, cookie) {
    const named = (start) => textHolds(j, setting(j, `${cookie}_COOKIE_NAME`), (n) => n.startsWith(start), "has a prefix");
    const insecure = not(isTruthy(j, `${cookie}_COOKIE_SECURE`));
    const bound = or(isTruthy(j, `${cookie}_COOKIE_DOMAIN`), textHolds(j, setting(j, `${cookie}_COOKIE_PATH`), (p) => p !== "/", "is a path"));
    return or(and(named("__Secure-"), insecure), and(named("__Host-"), or(insecure, bound)));
}
/** May the host set a cookie for the domain? (RFC 6265, 5.1.3) */
function belongs(host, domain) {
    const own = domain.replace(/^\./, "").toLowerCase();
    return host.toLowerCase() === own || host.toLowerCase().endsWith(`.${own}`);
}
/** `https://example.com` and `https://*.example.com`, as CsrfViewMiddleware compares them. */
function trusts(origin, domain) {
    const [scheme, name = ""] = origin.toLowerCase().split("://");
    const host = domain.toLowerCase();
    if (scheme !== "https")
        return false;
    return name.startsWith("*.") ? host === name.slice(2) || host.endsWith(name.slice(1)) : name === host;
}

;// CONCATENATED MODULE: ./build/src/lint/placeholders.js
/** Texts that stand where a secret will be: nobody has to replace one that was pushed. */
const placeholders_WORDS = /^(|changeme|change-me|your(?:[-_ ].*|(?:own|app|db|email|mail|api)?(?:password|passwd|secret|key|token)\w*)|xxx+|none|null|todo|[*.\-_]+|<.*>|\{.*\}|password|passwd|secret)$/i;
/** Nothing but words, of which one says so: `admin_example`, `replace the credentials`. */
const TELLING = /^(?=[a-z]+(?:[-_ ][a-z]+)*$)(?:.*(?<![a-z])(?:example|placeholder|dummy|sample)(?![a-z])|(?:replace|insert|enter|fill in|put) )/i;
/** Words that end in what is to stand there: `app-specific-password`, `put-your-key-here`. */
const NAMED = /^[a-z]+(?:[-_ ][a-z]+)*[-_ ](?:password|passwd|secret|key|token|here|value)$/i;
const isPlaceholder = (text) => [placeholders_WORDS, TELLING, NAMED].some((rule) => rule.test(text));

;// CONCATENATED MODULE: ./build/src/lint/rules/database.js






const database_part = (j, ...path) => judge_within(j, setting(j, "DATABASES"), "default", ...path);
const engine = (j, test) => holds(j, database_part(j, "ENGINE"), (o) => o.t === "str" && test(o.v), "is an engine");
const sqlite = (j) => engine(j, (e) => e.endsWith("sqlite3"));
const postgres = (j) => engine(j, (e) => /postgresql|postgis/.test(e));
const database_LOCAL = new Set(["", "localhost", "127.0.0.1", "::1"]);
const database_text = (o, test) => (o.t === "str" || o.t === "path") && test(o.v);
/** Family B: the database. */
const databaseRules = [
    rule({
        id: "djdeploy.database-missing",
        level: "error",
        setting: "DATABASES",
        title: "There is no default database",
        why: "The first query fails.",
        fix: "Configure DATABASES['default'], or give DATABASE_URL a value.",
        when: (j) => {
            const sites = or(hasApp(j, "django.contrib.auth"), hasApp(j, "django.contrib.sessions"));
            return and(sites, or(not(isTruthy(j, "DATABASES")), holds(j, database_part(j), (o) => o.t === "missing" || (o.t === "dict" && o.scope.slots.size === 0 && !o.open), "is empty")));
        },
    }),
    rule({
        id: "djdeploy.database-sqlite",
        level: "info",
        setting: "DATABASES",
        title: "Production uses SQLite",
        why: "One writer at a time, and one host: fine for a small site, a limit for a growing one. A deploy keeps the file in shared/.",
        fix: "Stay with it knowingly, or use PostgreSQL.",
        when: (j) => and(sqlite(j), not(memory(j))),
    }),
    rule({
        id: "djdeploy.database-in-memory",
        level: "error",
        setting: "DATABASES",
        title: "The database lives in memory",
        why: "Everything is lost at each restart, and every worker has its own.",
        fix: "Give it a file, or use PostgreSQL.",
        when: (j) => and(sqlite(j), memory(j)),
    }),
    rule({
        id: "djdeploy.database-in-tmp",
        level: "error",
        setting: "DATABASES",
        title: "The database lies in a temporary folder",
        why: "It is lost when the folder is cleared or the service restarts.",
        fix: "Put it beside the code or in a folder that stays.",
        when: (j) => and(sqlite(j), holds(j, database_part(j, "NAME"), (o) => database_text(o, (v) => v.startsWith("/tmp/") || v.startsWith("/var/tmp/")), "is temporary")),
    }),
    rule({
        id: "djdeploy.database-password-literal",
        level: "error",
        setting: "DATABASES",
        title: "The database's password stands in the repository",
        why: "Everyone who can read the repository can read the database.",
        fix: "Read it from the environment.",
        when: (j) => {
            const password = database_part(j, "PASSWORD");
            if (questions_given(j, password))
                return FALSE;
            // The text that stands for an unset variable is a fallback for development, not what production uses.
            const known = leaves(password).every((o) => o.t !== "unknown");
            const variable = [...support(password)].some((at) => j.evaluation.variables[at]?.kind === "env");
            if (known && variable)
                return FALSE;
            return and(not(sqlite(j)), holds(j, password, (o) => o.t === "str" && !isPlaceholder(o.v), "is a literal"));
        },
    }),
    rule({
        id: "djdeploy.database-no-tls",
        level: "warning",
        setting: "DATABASES",
        title: "A remote PostgreSQL without TLS",
        why: "Queries and passwords may cross the network in the clear.",
        fix: 'Set OPTIONS = {"sslmode": "require"} or better.',
        when: (j) => {
            const remote = holds(j, database_part(j, "HOST"), (o) => o.t === "str" && !database_LOCAL.has(o.v) && o.v.includes(".") && !o.v.startsWith("/"), "is remote");
            const open = holds(j, database_part(j, "OPTIONS", "sslmode"), (o) => !(o.t === "str" && /^(require|verify-ca|verify-full)$/.test(o.v)), "is no TLS");
            return and(and(postgres(j), remote), open);
        },
    }),
    rule({
        id: "djdeploy.database-engine-renamed",
        level: "info",
        from: [3, 0],
        setting: "DATABASES",
        title: "The database engine's old name",
        why: "Django 1.9 renamed it; the old name still works, and nothing says for how long.",
        fix: "Write django.db.backends.postgresql.",
        when: (j) => engine(j, (e) => e === "django.db.backends.postgresql_psycopg2"),
    }),
    rule({
        id: "djdeploy.database-no-health-checks",
        level: "info",
        from: [4, 1],
        setting: "DATABASES",
        title: "Kept connections are not checked",
        why: "After the database restarts, the first request on each connection fails.",
        fix: "Set CONN_HEALTH_CHECKS to True beside CONN_MAX_AGE.",
        docs: "ref/settings/#conn-health-checks",
        when: (j) => and(holds(j, database_part(j, "CONN_MAX_AGE"), (o) => (o.t === "num" && o.v > 0) || o.t === "none", "keeps connections"), holds(j, database_part(j, "CONN_HEALTH_CHECKS"), (o) => !(o.t === "bool" && o.v), "is off")),
    }),
];
const memory = (j) => holds(j, database_part(j, "NAME"), (o) => database_text(o, (v) => v.includes(":memory:")), "is in memory");

;// CONCATENATED MODULE: ./build/src/lint/rules/database-use.js





const STRICT = /STRICT_(TRANS|ALL)_TABLES|TRADITIONAL/i;
const keepsConnections = (j) => holds(j, database_part(j, "CONN_MAX_AGE"), (o) => (o.t === "num" && o.v > 0) || o.t === "none", "keeps connections");
const pooled = (j) => holds(j, database_part(j, "OPTIONS", "pool"), (o) => (o.t === "bool" && o.v) || (o.t === "dict" && o.scope.slots.size > 0), "is a pool");
/** Family B, how the database is used. */
const databaseUseRules = [
    rule({
        id: "djdeploy.database-relative",
        level: "warning",
        setting: "DATABASES",
        title: "The database's path is relative",
        why: "Which file it is depends on the folder that a command was started from: an empty one is made where there is none.",
        fix: 'Make it absolute: "NAME": BASE_DIR / "db.sqlite3".',
        when: (j) => and(and(sqlite(j), not(memory(j))), textHolds(j, database_part(j, "NAME"), (v) => v !== "" && !v.startsWith("/") && !v.startsWith("file:"), "is relative")),
    }),
    rule({
        id: "djdeploy.database-sqlite-locking",
        level: "info",
        from: [5, 1],
        setting: "DATABASES",
        title: "SQLite takes its write lock late",
        why: 'Two workers that read and then write in one transaction fail with "database is locked".',
        fix: 'Add "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}.',
        docs: "ref/databases/#sqlite-notes",
        when: (j) => {
            const mode = database_part(j, "OPTIONS", "transaction_mode");
            const immediate = textHolds(j, mode, (v) => /^(IMMEDIATE|EXCLUSIVE)$/i.test(v), "is immediate");
            return and(and(sqlite(j), not(memory(j))), not(immediate));
        },
    }),
    rule({
        id: "djdeploy.database-pool-and-age",
        level: "error",
        from: [5, 1],
        setting: "DATABASES",
        title: "A connection pool together with CONN_MAX_AGE",
        why: "Django refuses it at the first query: a pool does not support persistent connections.",
        fix: "Set CONN_MAX_AGE to 0, or remove the pool.",
        docs: "ref/databases/#connection-pool",
        when: (j) => and(and(postgres(j), pooled(j)), keepsConnections(j)),
    }),
    rule({
        id: "djdeploy.database-pgbouncer-cursors",
        level: "warning",
        setting: "DATABASES",
        title: "Server-side cursors through PgBouncer",
        why: "In transaction pooling a cursor's next rows may be asked of another connection: queryset.iterator() fails.",
        fix: 'Set "DISABLE_SERVER_SIDE_CURSORS": True, or pool by session.',
        docs: "ref/databases/#transaction-pooling-and-server-side-cursors",
        when: (j) => {
            const port = holds(j, database_part(j, "PORT"), (o) => (o.t === "num" && o.v === 6432) || (o.t === "str" && o.v === "6432"), "is PgBouncer's");
            const named = textHolds(j, database_part(j, "HOST"), (h) => /pgbouncer/i.test(h), "is PgBouncer");
            const off = holds(j, database_part(j, "DISABLE_SERVER_SIDE_CURSORS"), (o) => o.t === "bool" && o.v, "is off");
            return and(and(postgres(j), or(port, named)), not(off));
        },
    }),
    rule({
        id: "mysql.W002",
        level: "warning",
        setting: "DATABASES",
        title: "MySQL is told not to be strict",
        why: "Texts that are too long are cut and numbers that do not fit are bent, without an error.",
        fix: 'Add STRICT_TRANS_TABLES to "sql_mode".',
        docs: "ref/databases/#mysql-sql-mode",
        when: (j) => {
            const mode = textHolds(j, database_part(j, "OPTIONS", "sql_mode"), (v) => !STRICT.test(v), "is not strict");
            const command = textHolds(j, database_part(j, "OPTIONS", "init_command"), (v) => /sql_mode\s*=/i.test(v) && !STRICT.test(v) && !/@@/.test(v), "is not strict");
            return and(engine(j, (e) => /\.mysql$/.test(e)), or(mode, and(isMissing(j, database_part(j, "OPTIONS", "sql_mode")), command)));
        },
    }),
    rule({
        id: "djdeploy.use-tz-unset",
        level: "info",
        to: [5, 0],
        setting: "USE_TZ",
        title: "USE_TZ is not set",
        why: "Django 5 changes the default to True: after the upgrade times are read and written otherwise.",
        fix: "Set USE_TZ to what you have now (False), or move to True on purpose.",
        when: (j) => j.evaluation.settings.has("USE_TZ") || j.evaluation.open ? FALSE : not(isTruthy(j, "USE_TZ")),
    }),
];

;// CONCATENATED MODULE: ./build/src/lint/rules/debug.js



const DEVELOPMENT_APPS = {
    debug_toolbar: "django-debug-toolbar shows queries and settings to whoever it takes for a developer",
    silk: "Silk records requests with their content, and shows them",
    django_browser_reload: "django-browser-reload keeps connections open for every page",
};
/** Family D: DEBUG and what belongs to it. */
const debugRules = [
    {
        id: "security.W018",
        level: "error",
        title: "DEBUG is on in production",
        why: "Error pages then show settings, code and local variables to everyone, and memory grows with every query.",
        fix: "Set DEBUG = False in the production settings, or read it with a cast and a default of False.",
        docs: "ref/settings/#debug",
        check: (j) => [
            { when: isTruthy(j, "DEBUG"), setting: "DEBUG", message: "DEBUG is on", hint: "set DEBUG = False" },
        ],
    },
    rule({
        id: "djdeploy.debug-text",
        level: "error",
        title: "DEBUG is a text",
        why: "Every text but the empty one is true: 'False' and '0' turn DEBUG on.",
        fix: 'Compare or cast the text: DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true").',
        docs: "ref/settings/#debug",
        partOf: "security.W018",
        sharper: true,
        setting: "DEBUG",
        message: "DEBUG is on: it is a text, and nobody turns that into a flag",
        hint: 'cast it: os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")',
        when: (j) => holds(j, setting(j, "DEBUG"), (o) => o.t === "str" && o.v !== "", "is text"),
    }),
    {
        id: "djdeploy.development-app",
        level: "warning",
        title: "A development tool is installed in production",
        why: "Such tools cost time on every request and can show code, queries and settings.",
        fix: "Add it to INSTALLED_APPS and MIDDLEWARE under `if DEBUG` only.",
        check: (j) => Object.entries(DEVELOPMENT_APPS).map(([app, harm]) => ({
            when: hasApp(j, app),
            setting: "INSTALLED_APPS",
            message: `${app} is in INSTALLED_APPS: ${harm}`,
        })),
    },
    rule({
        id: "djdeploy.debug-toolbar-middleware",
        level: "warning",
        setting: "MIDDLEWARE",
        title: "The debug toolbar's middleware is active",
        why: "It works on every request and can show queries and settings.",
        fix: "Add it to MIDDLEWARE under `if DEBUG` only.",
        partOf: "djdeploy.development-app",
        docs: "https://django-debug-toolbar.readthedocs.io/",
        when: (j) => hasMiddleware(j, "debug_toolbar.middleware.DebugToolbarMiddleware"),
    }),
    {
        id: "djdeploy.template-debug",
        level: "warning",
        title: "Template debugging is on",
        why: "Templates are slower and errors in them show their source.",
        fix: 'Remove "debug" from the OPTIONS of TEMPLATES; it follows DEBUG.',
        docs: "topics/templates/",
        check: (j) => judge_elements(j, setting(j, "TEMPLATES")).map(({ item, when }) => ({
            when: and(when, holds(j, judge_within(j, item, "OPTIONS", "debug"), (o) => o.t !== "missing" && o.t === "bool" && o.v, "is on")),
            setting: "TEMPLATES",
            message: "TEMPLATES sets the option debug to True",
        })),
    },
];

;// CONCATENATED MODULE: ./build/src/lint/code.js



const code_known = new WeakMap();
/** Every statement and expression of the executed files, in order; not what stands in functions and classes. */
function codeOf(j) {
    const before = code_known.get(j.evaluation);
    if (before)
        return before;
    const found = [];
    const visit = (file, value, always) => {
        if (Array.isArray(value))
            for (const one of value)
                visit(file, one, always);
        else if (code_isNode(value)) {
            if ("lineno" in value)
                found.push({ file, node: value, always });
            if (/^(Async)?FunctionDef$|^ClassDef$|^Lambda$/.test(value.nodeType))
                return;
            const own = always && !/^(If|Try|TryStar|For|While|Match|IfExp)$/.test(value.nodeType);
            for (const part of Object.values(value))
                if (typeof part === "object" && part !== null)
                    visit(file, part, own);
        }
    };
    for (const file of j.evaluation.files)
        visit(file, j.evaluation.parsed.get(file)?.body, true);
    code_known.set(j.evaluation, found);
    return found;
}
const code_isNode = (v) => typeof v === "object" && v !== null && typeof v.nodeType === "string";
/** The calls whose dotted name fits. */
function callsOf(j, name) {
    return codeOf(j).flatMap((code) => {
        if (code.node.nodeType !== "Call")
            return [];
        const call = code.node;
        const own = dottedName(call.func);
        if (own === null || !name.test(own))
            return [];
        return [{ ...code, name: own, args: call.args, keywords: call.keywords }];
    });
}
const placeOfCode = ({ file, node }) => ({
    t: "place",
    file,
    line: node.lineno,
    column: node.col_offset + 1,
});
/** The worlds in which a call of something outside the project is made; what stands at the margin always is. */
function reached(j, call) {
    const { lineno, end_lineno = lineno } = call.node;
    let when = FALSE;
    for (const note of j.evaluation.notes)
        if (note.place.file === call.file && note.place.line >= lineno && note.place.line <= end_lineno)
            when = or(when, note.when);
    return call.always ? TRUE : when;
}
/** What an argument is: a constant, or a setting by its name; null when it is neither. */
function argument(j, call, name) {
    const expr = call.keywords.find((k) => k.arg === name)?.value;
    return expr ? plainValue(j, expr) : null;
}
const isGiven = (call, name) => call.keywords.some((k) => k.arg === name || k.arg === undefined);
function plainValue(j, expr) {
    if (expr.nodeType === "Name")
        return /^[A-Z][A-Z0-9_]*$/.test(expr.id) ? setting(j, expr.id) : null;
    if (expr.nodeType !== "Constant")
        return null;
    const { value } = expr;
    if (typeof value === "string")
        return str(value);
    if (typeof value === "number")
        return num(value);
    if (typeof value === "boolean")
        return bool(value);
    return value === null ? NONE : null;
}
/** Does a line of the settings read the name? Then the project uses it itself. */
function isReadAgain(j, name) {
    return codeOf(j).some(({ node }) => {
        const own = node;
        return node.nodeType === "Name" && own.id === name && own.ctx?.nodeType === "Load";
    });
}
/** Every name that occurs in an expression or statement. */
function namesIn(node, found = new Set()) {
    if (Array.isArray(node))
        for (const one of node)
            namesIn(one, found);
    else if (typeof node === "object" && node !== null) {
        const own = node;
        if (own.nodeType === "Name" && own.id !== undefined)
            found.add(own.id);
        else
            for (const part of Object.values(node))
                if (typeof part === "object")
                    namesIn(part, found);
    }
    return found;
}
const mentions = (node, name) => namesIn(node).has(name);

;// CONCATENATED MODULE: ./build/src/lint/rules/debug-more.js








const debugOn = (j) => isTruthy(j, "DEBUG");
const debugIsText = (j) => holds(j, setting(j, "DEBUG"), (o) => o.t === "str", "is text");
/** Family D, what lies around DEBUG: how it gets on, and what else development leaves behind. */
const debugMoreRules = [
    rule({
        id: "djdeploy.debug-default-on",
        level: "error",
        setting: "DEBUG",
        title: "DEBUG is on while its variable is not set",
        why: "A host on which the variable was forgotten shows its settings and code to everyone.",
        fix: 'Let the default be off: DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true").',
        partOf: "security.W018",
        when: (j) => {
            const verdict = verdictOf(j.evaluation, debugOn(j));
            return verdict?.certainty === "depends" && verdict.whenUnset ? debugOn(j) : FALSE;
        },
    }),
    rule({
        id: "djdeploy.debug-typo-on",
        level: "warning",
        setting: "DEBUG",
        title: "A typing error in a variable turns DEBUG on",
        why: "DEBUG is on for every value but the expected one, so a misspelt value exposes the site.",
        fix: 'Compare with the value that turns it on: DEBUG = os.environ.get("ENV") == "development".',
        partOf: "security.W018",
        when: (j) => (onByAnyOther(j) ? and(debugOn(j), not(debugIsText(j))) : FALSE),
    }),
    {
        id: "djdeploy.debug-overridden",
        level: "error",
        title: "DEBUG = False is overridden later",
        why: "What comes after the line, a star import for instance, turns DEBUG on again.",
        fix: "Put the imports first and DEBUG = False after them.",
        docs: "ref/settings/#debug",
        partOf: "security.W018",
        sharper: true,
        check: overridden,
    },
    {
        id: "djdeploy.template-loaders-uncached",
        level: "warning",
        title: "Templates are read anew for every page",
        why: "Django caches templates by itself; naming the loaders by hand turns that off.",
        fix: 'Remove "loaders" from the OPTIONS of TEMPLATES (and set APP_DIRS = True), or wrap them in cached.Loader.',
        docs: "ref/templates/api/#template-loaders",
        check: (j) => judge_elements(j, setting(j, "TEMPLATES")).map(({ item, when }) => ({
            when: and(when, uncached(j, judge_within(j, item, "OPTIONS", "loaders"))),
            setting: "TEMPLATES",
            message: "TEMPLATES names its loaders by hand, without the cached one: every page reads its templates",
        })),
    },
    rule({
        id: "djdeploy.internal-ips-open",
        level: "warning",
        setting: "INTERNAL_IPS",
        title: "The debug toolbar is shown to everyone",
        why: "INTERNAL_IPS or the toolbar's callback says yes to every address.",
        fix: "Install the toolbar under `if DEBUG` only.",
        when: (j) => and(hasApp(j, "debug_toolbar"), or(holds(j, setting(j, "INTERNAL_IPS"), (o) => o.t === "instance", "is for every address"), alwaysShown(j))),
    }),
];
/** DEBUG rests on one variable, and is on for words that nobody has thought of, but not for all. */
function onByAnyOther(j) {
    const one = single(restrict(debugOn(j), j.evaluation.alive));
    const variable = one ? j.evaluation.variables[one.at] : undefined;
    if (!one || variable?.kind !== "env")
        return false;
    const on = (i) => (one.mask & (1 << i)) !== 0;
    const strange = ["www.example.com", STRONG].map((v) => variable.values.findIndex(({ text }) => text === v));
    const calm = variable.values.some(({ text }, i) => text !== null && text !== "" && !on(i));
    return calm && strange.every((i) => i >= 0 && on(i));
}
function overridden(j) {
    const decided = placeOf(j.evaluation, "DEBUG", debugOn(j));
    const off = codeOf(j).find(({ file, node, always }) => {
        const s = node;
        return (always &&
            file === j.evaluation.file &&
            node.nodeType === "Assign" &&
            s.targets?.[0]?.id === "DEBUG" &&
            s.value?.value === false);
    });
    if (verdictOf(j.evaluation, debugOn(j))?.certainty !== "certain")
        return [];
    if (!off || !decided || (decided.file === off.file && decided.line <= off.node.lineno))
        return [];
    return [
        {
            when: debugOn(j),
            setting: "DEBUG",
            message: `DEBUG is on: DEBUG = False in line ${off.node.lineno} of ${off.file} is overridden afterwards`,
            hint: "put DEBUG = False after the imports",
        },
    ];
}
/** Loaders are given, known, and none of them is the cached one. */
function uncached(j, loaders) {
    const cached = (name) => /cached\.Loader$|locmem\.Loader$/.test(name);
    return holds(j, loaders, (o) => {
        if (o.t !== "list" && o.t !== "tuple")
            return false;
        const items = judge_elements(j, o);
        const known = items.every(({ item }) => item.t === "str");
        return known && items.length > 0 ? not(someText(j, o, cached)) : false;
    }, "has no cached loader");
}
function alwaysShown(j) {
    const callback = judge_within(j, setting(j, "DEBUG_TOOLBAR_CONFIG"), "SHOW_TOOLBAR_CALLBACK");
    return holds(j, callback, (o) => {
        if (o.t !== "func" || Array.isArray(o.node.body))
            return false;
        return o.node.body.nodeType === "Constant" && o.node.body.value === true;
    }, "says yes to everyone");
}

;// CONCATENATED MODULE: ./build/src/lint/rules/environment.js





/** Family E: variables, and the files they come from. */
const environmentRules = [
    {
        id: "async.E001",
        level: "error",
        title: "DJANGO_ALLOW_ASYNC_UNSAFE is set",
        why: "It turns off the guard that keeps requests from sharing a database connection: data of one ends up in another.",
        fix: "Remove it from env.vars and env.secrets.",
        docs: "topics/async/#envvar-DJANGO_ALLOW_ASYNC_UNSAFE",
        check: (j) => setOutside(j, "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_ALLOW_ASYNC_UNSAFE is set in production"),
    },
    {
        id: "djdeploy.python-dev-mode",
        level: "warning",
        title: "Python runs in its development mode",
        why: "PYTHONDEVMODE adds checks to every allocation and import: the site is much slower.",
        fix: "Remove it from env.vars.",
        docs: "https://docs.python.org/3/library/devmode.html",
        check: (j) => setOutside(j, "PYTHONDEVMODE", "PYTHONDEVMODE is set in production"),
    },
    {
        id: "djdeploy.settings-module-differs",
        level: "warning",
        title: "The environment names other settings than djdeploy.yml",
        why: "A deploy sets DJANGO_SETTINGS_MODULE itself, so the line has no effect, and whoever reads it believes otherwise.",
        fix: "Remove DJANGO_SETTINGS_MODULE from env.vars: a deploy sets it from django.settings.",
        docs: "topics/settings/#designating-the-settings",
        check: (j) => {
            const named = j.input.environment?.DJANGO_SETTINGS_MODULE;
            if (named === undefined || named === j.input.settingsModule)
                return [];
            return [
                {
                    when: TRUE,
                    everywhere: true,
                    message: `DJANGO_SETTINGS_MODULE is ${named} in the environment, and ${j.input.settingsModule} was judged`,
                },
            ];
        },
    },
    {
        id: "djdeploy.variable-undocumented",
        level: "info",
        title: "The example of the environment misses a variable that has to be set",
        why: "The settings do not load without it: whoever sets up the site by the example learns of it from a failure.",
        fix: "Add the name to the example file.",
        check: undocumented,
    },
    {
        id: "djdeploy.variable-changes-type",
        level: "warning",
        title: "A setting is a text as soon as its variable is set",
        why: "The default has another type than what the environment gives: 'False' is true, and '3600' is no number.",
        fix: 'Cast what is read: int(os.environ.get("NAME", "3600")), or os.environ.get("NAME", "") == "true" for a flag.',
        docs: "ref/settings/",
        check: changesType,
    },
    {
        id: "djdeploy.variable-two-defaults",
        level: "info",
        title: "A variable is read with two different defaults",
        why: "While it is not set, two parts of the project believe different things.",
        fix: "Read it once, and use the value.",
        check: twoDefaults,
    },
    {
        id: "djdeploy.env-file-overrides",
        level: "warning",
        title: "A file overrides the environment",
        why: "What the host or djdeploy.yml sets is replaced by what stands in the file.",
        fix: "Load it without override (overwrite) in production.",
        check: (j) => callsOf(j, /(^|\.)(load_dotenv|read_env|read_envfile)$/).flatMap((call) => ["override", "overwrite"]
            .filter((name) => {
            const given = argument(j, call, name);
            return given?.t === "bool" && given.v;
        })
            .map((name) => ({
            when: call.always ? TRUE : reached(j, call),
            message: `${call.name}(${name}=True): the file wins over the real environment`,
            place: placeOfCode(call),
        }))),
    },
    {
        id: "djdeploy.env-file-outside",
        level: "info",
        title: "The environment is read from a file that a deploy does not know",
        why: "The file is on one host only, no release has it, and a rollback does not bring it back.",
        fix: "Name the variables in djdeploy.yml under env.secrets and env.vars.",
        check: (j) => callsOf(j, /(^|\.)(load_dotenv|read_env|read_envfile)$/).flatMap((call) => {
            const path = call.args[0] ? plainValue(j, call.args[0]) : argument(j, call, "dotenv_path");
            if (path?.t !== "str" || !/^[/~]/.test(path.v))
                return [];
            return [
                {
                    when: call.always ? TRUE : reached(j, call),
                    message: `${call.name}() reads ${path.v}, outside the repository`,
                    place: placeOfCode(call),
                },
            ];
        }),
    },
];
function setOutside(j, name, message) {
    const value = j.input.environment?.[name];
    const set = value !== undefined ? value !== "" : (j.input.provided ?? []).includes(name);
    return set ? [{ when: TRUE, everywhere: true, message }] : [];
}
/** Variables of the process and of tools, that nobody writes into an example. */
const OWN = /^(DJANGO_SETTINGS_MODULE|PYTHON\w*|HOME|PATH|USER|PWD|SHELL|LANG|LOGNAME|TERM|TZ|HOSTNAME|PORT|CI|GITHUB_\w+|VIRTUAL_ENV|TMPDIR|DYNO|RENDER\w*|HEROKU\w*|KUBERNETES_\w+|GAE_\w+|AWS_LAMBDA\w*|PYTEST\w*|XDG_\w+)$/;
function undocumented(j) {
    const example = j.input.files
        .list()
        .find((f) => /^(\.?env[._-](example|sample|template|dist|default)s?|\.?(example|sample)[._-]env)$/i.test(f.split("/").at(-1) ?? "") && f.split("/").length <= 3);
    const text = example ? j.input.files.read(example) : null;
    if (!example || text === null)
        return [];
    const known = new Set([...text.matchAll(/^[ \t]*#?[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].map((m) => m[1]));
    if (known.size === 0)
        return [];
    const names = new Set();
    for (const { name, default: standing } of j.evaluation.reads)
        if (standing === null && !known.has(name) && !OWN.test(name))
            names.add(name);
    if (names.size === 0)
        return [];
    const shown = [...names].sort();
    const first = j.evaluation.reads.find((r) => r.name === shown[0]);
    const more = shown.length > 5 ? ` and ${shown.length - 5} more` : "";
    return [
        {
            when: TRUE,
            message: `the settings need ${shown.slice(0, 5).join(", ")}${more}, which ${example} does not name`,
            place: first.place,
        },
    ];
}
/** Settings whose texts have rules of their own. */
const JUDGED_ELSEWHERE = new Set([
    "DEBUG",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
]);
/** A Django setting that is a flag or a number by default and a text in other worlds. */
function changesType(j) {
    const checks = [];
    for (const name of j.evaluation.settings.keys()) {
        const standard = j.evaluation.defaults.get(name);
        if (JUDGED_ELSEWHERE.has(name) || !(standard?.t === "bool" || standard?.t === "num"))
            continue;
        const v = setting(j, name);
        if (v.t !== "choice" || !readsPlainly(j, v))
            continue;
        const kinds = new Set(leaves(v).map((o) => o.t));
        if (!kinds.has("str") || !(kinds.has("bool") || kinds.has("num")))
            continue;
        checks.push({
            when: toCondition(v, (o) => o.t === "str" && o.v !== ""),
            setting: name,
            message: `${name} is a text as soon as its variable is set, not ${standard.t === "bool" ? "True or False" : "a number"}`,
        });
    }
    return checks;
}
/** Its first decision is whether a variable is set. */
const readsPlainly = (j, v) => v.t === "choice" && unsetEdge(j.evaluation, v) !== undefined;
function twoDefaults(j) {
    const seen = new Map();
    const found = new Map();
    const plain = (r) => (r.default ?? "").replace(/^["']|["']$/g, "");
    const spot = (p) => `${p.file}:${p.line}`;
    for (const read of j.evaluation.reads) {
        if (read.default === null || /^(\.\.\.|None)$/.test(read.default) || read.place.file.startsWith("<"))
            continue;
        const first = seen.get(read.name);
        if (!first)
            seen.set(read.name, read);
        else if (plain(first) !== plain(read) && spot(first.place) !== spot(read.place))
            found.set(read.name, {
                when: TRUE,
                message: `${read.name} is ${read.default} while unset here, and ${first.default} in ${spot(first.place)}`,
                place: read.place,
            });
    }
    return [...found.values()];
}

;// CONCATENATED MODULE: ./build/src/lint/rules/error-tracking.js






const SENTRY = "https://docs.sentry.io/platforms/python/configuration/options/";
const sentry = (j) => callsOf(j, /(^|\.)sentry_sdk\.init$/);
/** An error tracker is set up, as far as the settings show. */
function tracker(j) {
    return j.evaluation.notes.some((n) => /sentry_sdk|rollbar|bugsnag|honeybadger|raven|elasticapm|newrelic|opbeat|airbrake|appsignal|scout_apm|ddtrace/.test(n.what));
}
/** Checks about every call of sentry_sdk.init that is made. */
function ofSentry(j, message, test) {
    return sentry(j)
        .filter(test)
        .map((call) => ({ when: reached(j, call), message, place: placeOfCode(call) }));
}
const isSetOutside = (j, name) => name in (j.input.environment ?? {}) || (j.input.provided ?? []).includes(name);
/** Family R: who learns of errors. */
const errorTrackingRules = [
    rule({
        id: "djdeploy.error-reports-nowhere",
        level: "info",
        setting: "ADMINS",
        title: "Nobody is told about errors",
        why: "With DEBUG off, whoever does not read the log learns of an exception from a visitor.",
        fix: "Set ADMINS and a mail server, or use an error tracker such as Sentry.",
        partOf: ["djdeploy.logging-unset", "djdeploy.mail-admins-nobody"],
        when: (j) => (tracker(j) ? FALSE : not(isTruthy(j, "ADMINS"))),
    }),
    rule({
        id: "djdeploy.raven",
        level: "warning",
        setting: "INSTALLED_APPS",
        title: "raven is dead",
        why: "The old Sentry client gets no fixes and does not know current Django.",
        fix: "Use sentry-sdk.",
        docs: "https://docs.sentry.io/platforms/python/integrations/django/",
        when: (j) => or(hasApp(j, "raven.contrib.django.raven_compat"), hasApp(j, "raven.contrib.django.celery")),
    }),
    {
        id: "djdeploy.sentry-environment",
        level: "info",
        title: "Sentry is not told which environment it is",
        why: "Errors of staging and production end up in one list, and every one counts as production's.",
        fix: "Pass environment=… to sentry_sdk.init, or set SENTRY_ENVIRONMENT.",
        docs: SENTRY,
        check: (j) => isSetOutside(j, "SENTRY_ENVIRONMENT")
            ? []
            : ofSentry(j, "sentry_sdk.init() names no environment", (call) => !isGiven(call, "environment")),
    },
    {
        id: "djdeploy.sentry-dsn-literal",
        level: "info",
        title: "Sentry's address stands in the repository",
        why: "A copy of the project that anyone starts reports its errors as yours.",
        fix: "Read the DSN from the environment.",
        docs: SENTRY,
        check: (j) => ofSentry(j, "the DSN of sentry_sdk.init() is written in the repository", (call) => {
            const dsn = argument(j, call, "dsn") ?? (call.args[0] ? plainValue(j, call.args[0]) : null);
            return dsn?.t === "str" && /^https?:\/\//.test(dsn.v) && !questions_given(j, dsn);
        }),
    },
    {
        id: "djdeploy.sentry-personal-data",
        level: "info",
        title: "Sentry is sent personal data",
        why: "send_default_pii passes on addresses, cookies and who is logged in.",
        fix: "Leave send_default_pii off, unless your visitors were told.",
        docs: SENTRY,
        check: (j) => ofSentry(j, "send_default_pii is on", (call) => error_tracking_isTrue(argument(j, call, "send_default_pii"))),
    },
    {
        id: "djdeploy.sentry-traces-everything",
        level: "info",
        title: "Sentry traces every request",
        why: "traces_sample_rate 1.0 costs time on every request, and the month's quota within days.",
        fix: "Trace a part, for instance 0.1.",
        docs: SENTRY,
        check: (j) => ofSentry(j, "traces_sample_rate is 1.0: every request is traced", (call) => {
            const rate = argument(j, call, "traces_sample_rate");
            return rate?.t === "num" && rate.v >= 1;
        }),
    },
];
const error_tracking_isTrue = (v) => v?.t === "bool" && v.v;

;// CONCATENATED MODULE: ./build/src/lint/packages.js
const FILES = /(^|\/)(requirements[^/]*\.(txt|in|pip)|requirements\/[^/]*\.(txt|in)|(base|prod|production|common|dev)\.txt|pyproject\.toml|setup\.(cfg|py)|Pipfile|uv\.lock|poetry\.lock|pdm\.lock|environment\.ya?ml)$/;
const packages_known = new WeakMap();
/** Lower-case names of every package that the repository's requirement files mention; null when it has none. */
function declaredPackages(tree) {
    const before = packages_known.get(tree);
    if (before !== undefined)
        return before;
    const found = readPackages(tree);
    packages_known.set(tree, found);
    return found;
}
function readPackages(tree) {
    const found = new Set();
    let any = false;
    for (const path of tree.list()) {
        if (path.split("/").length > 4 || !FILES.test(path))
            continue;
        const text = tree.read(path);
        if (text === null)
            continue;
        any = true;
        if (/\.lock$/.test(path)) {
            for (const name of text.matchAll(/^name = "([^"]+)"|^ {8}"([A-Za-z][\w.-]*)": \{/gm))
                found.add((name[1] ?? name[2] ?? "").toLowerCase().replace(/[_.]/g, "-"));
            continue;
        }
        for (const name of text
            .slice(0, 600_000)
            .matchAll(/(?:^|["'\s])([A-Za-z][A-Za-z0-9._-]+)(?=\s*(?:\[|[=<>~!;"',#@]|$))/gm))
            found.add(name[1].toLowerCase().replace(/[_.]/g, "-"));
    }
    return any ? found : null;
}

;// CONCATENATED MODULE: ./build/src/lint/gunicorn.js





/** Command line options by the setting they stand for (docs.gunicorn.org, settings). */
const OPTIONS = {
    "-b": "bind",
    "-w": "workers",
    "-k": "worker_class",
    "-t": "timeout",
    "-c": "config",
    "-p": "pidfile",
    "-e": "raw_env",
    "-D": "daemon",
    "--pid": "pidfile",
    "--env": "raw_env",
    "--log-file": "errorlog",
    "--error-logfile": "errorlog",
    "--access-logfile": "accesslog",
    "--preload": "preload_app",
};
const gunicorn_FLAGS = new Set(["reload", "preload_app", "daemon", "capture_output", "check_config"]);
/** What a deploy's own command line says. */
const OURS = ["bind", "workers", "graceful_timeout", "worker_tmp_dir", "accesslog"];
const MODULE = "djdeploy_gunicorn_conf";
const gunicorn_known = new WeakMap();
/** Null where something else than Gunicorn serves, or nothing says how. */
function gunicornOf(j) {
    const before = gunicorn_known.get(j.evaluation);
    if (before !== undefined)
        return before;
    const made = gunicorn_read(j);
    gunicorn_known.set(j.evaluation, made);
    return made;
}
function gunicorn_read(j) {
    const { server = "gunicorn", args = [] } = j.input.deployment ?? {};
    if (server !== "gunicorn")
        return null;
    const given = optionsOf([...gunicorn_words(j.input.environment?.GUNICORN_CMD_ARGS ?? ""), ...args]);
    const file = configFile(j, given.get("config"));
    if (file === null && given.size === 0)
        return null;
    const evaluation = file === null ? null : evaluateFile(j, file);
    const scope = evaluation?.machine.modules.get(MODULE)?.module.scope;
    const inFile = (name) => {
        const where = scope?.places?.get(name);
        const found = where ? cases(where).find(({ leaf }) => leaf.t === "place")?.leaf : undefined;
        const line = found?.t === "place" ? found.line : 1;
        return {
            value: scope?.slots.get(name) ?? MISSING,
            place: { t: "place", file: file ?? "djdeploy.yml", line, column: 1 },
            of: evaluation,
        };
    };
    const get = (name) => {
        const value = given.get(name);
        if (value === undefined)
            return inFile(name);
        return { value, place: { t: "place", file: "djdeploy.yml", line: 1, column: 1 }, of: null };
    };
    return { file, evaluation, get, inFile };
}
/** `-c FILE`, else ./gunicorn.conf.py in the folder that the server is started from. */
function configFile(j, named) {
    const root = (j.input.root ?? ".").replace(/^\.\/?/, "").replace(/\/$/, "");
    const name = named?.t === "str" ? named.v.replace(/^file:/, "").replace(/^\.\//, "") : "gunicorn.conf.py";
    const path = root ? `${root}/${name}` : name;
    return j.input.files.read(path) === null ? null : path;
}
/** Evaluates the file under a module name of its own: its real one has a dot in it. */
function evaluateFile(j, file) {
    const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "";
    const alias = `${folder ? `${folder}/` : ""}${MODULE}.py`;
    const tree = {
        list: () => [...j.input.files.list(), alias],
        read: (path) => j.input.files.read(path === alias ? file : path),
    };
    return evaluateSettings({
        tree,
        settingsModule: MODULE,
        root: folder,
        djangoVersion: j.input.djangoVersion,
        environment: j.input.environment ?? {},
        provided: j.input.provided ?? [],
        packages: declaredPackages(j.input.files),
    });
}
function optionsOf(args) {
    const found = new Map();
    for (let i = 0; i < args.length; i++) {
        const [word = "", inline] = args[i].split(/=(.*)/s);
        if (!word.startsWith("-"))
            continue;
        const name = OPTIONS[word] ?? word.replace(/^--/, "").replace(/-/g, "_");
        if (gunicorn_FLAGS.has(name))
            found.set(name, TRUE);
        else if (inline !== undefined)
            found.set(name, str(inline));
        else if (args[i + 1] !== undefined)
            found.set(name, str(args[++i]));
    }
    return found;
}
/** A shell's words; quotes are all that GUNICORN_CMD_ARGS needs. */
function gunicorn_words(text) {
    return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
}
/** A check about one setting of Gunicorn. */
function told(j, { value, place, of }, test, question, message) {
    if (value.t === "missing")
        return [];
    const when = of ? gunicorn_within(of, j, value, test, question) : test(value) ? TRUE : FALSE;
    return [{ when, message, place, ...(of ? { of } : {}) }];
}
function gunicorn_within(of, j, v, test, question) {
    return holds({ ...j, m: of.machine, evaluation: of }, v, test, question);
}
/** A number, also one that the command line gives as text. */
function numberIn(o) {
    if (o.t === "num")
        return o.v;
    return o.t === "str" && /^\d+$/.test(o.v) ? Number(o.v) : null;
}
const textIn = (o) => (o.t === "str" || o.t === "path" ? o.v : null);

;// CONCATENATED MODULE: ./build/src/lint/rules/gunicorn.js




const DOCS = "https://docs.gunicorn.org/en/stable/settings.html";
/** A rule about one setting of Gunicorn, wherever it is given. */
function gunicorn_setting({ name, message, test, ...rest }) {
    return {
        docs: DOCS,
        ...rest,
        check: (j) => {
            const gunicorn = gunicornOf(j);
            return gunicorn ? told(j, gunicorn.get(name), test, `${name} is so`, message) : [];
        },
    };
}
const gunicorn_isOn = (o) => o.t === "bool" && o.v;
const isPublic = (o) => {
    const all = certainItems(o)?.map((v) => ("v" in v ? String(v.v) : "")) ?? [textIn(o) ?? ""];
    return all.some((bind) => /^(0\.0\.0\.0|\[::\]|::|)(:\d+)$/.test(bind));
};
/** Family G: Gunicorn, as server.args, GUNICORN_CMD_ARGS and gunicorn.conf.py tell it. */
const gunicornRules = [
    gunicorn_setting({
        id: "djdeploy.gunicorn-reload",
        level: "error",
        name: "reload",
        title: "Gunicorn reloads code that changes",
        why: "It watches every file and restarts workers while they serve; a release never changes, so it is only harm.",
        fix: "Remove reload from gunicorn.conf.py and server.args.",
        message: "Gunicorn's reload is on",
        test: gunicorn_isOn,
    }),
    gunicorn_setting({
        id: "djdeploy.gunicorn-daemon",
        level: "error",
        name: "daemon",
        title: "Gunicorn goes into the background",
        why: "The service manager sees its process end, and starts or stops it again and again.",
        fix: "Remove daemon: systemd and supervisord keep it in the background.",
        message: "Gunicorn's daemon is on: the service manager loses sight of it",
        test: gunicorn_isOn,
    }),
    gunicorn_setting({
        id: "djdeploy.gunicorn-timeout",
        level: "warning",
        name: "timeout",
        title: "A worker may hang for long",
        why: "A timeout of 0 or of minutes leaves workers with requests that nobody waits for any more.",
        fix: "Keep it at 30 to 120 seconds, and move longer work into a queue.",
        message: "Gunicorn's timeout is 0 or longer than two minutes",
        test: (o) => {
            const seconds = numberIn(o);
            return seconds !== null && (seconds === 0 || seconds > 120);
        },
    }),
    gunicorn_setting({
        id: "djdeploy.gunicorn-one-worker",
        level: "warning",
        name: "workers",
        title: "There is one worker",
        why: "One slow request holds up every other, and a restart of the worker is a pause for all.",
        fix: "Leave server.workers at auto, or give two or more.",
        message: "server.args gives Gunicorn one worker",
        test: (o) => o.t === "str" && o.v === "1",
    }),
    {
        id: "djdeploy.gunicorn-public-bind",
        level: "warning",
        title: "Gunicorn listens on every address",
        why: "Whoever reaches the port goes round nginx, its limits and its TLS.",
        fix: "Remove the bind: a deploy has Gunicorn listen on a socket that only nginx opens.",
        docs: DOCS,
        check: (j) => publicBind(j),
    },
    {
        id: "djdeploy.gunicorn-trusts-everyone",
        level: "error",
        title: "Everyone may tell Gunicorn that a request came by HTTPS",
        why: "forwarded_allow_ips is '*' and the port is open to all: X-Forwarded-Proto of any visitor is believed.",
        fix: "Remove forwarded_allow_ips, or the public bind.",
        docs: DOCS,
        check: (j) => {
            const trusted = gunicornOf(j)?.get("forwarded_allow_ips");
            if (!trusted || publicBind(j).length === 0)
                return [];
            return told(j, trusted, (o) => textIn(o) === "*", "is everyone", "forwarded_allow_ips is '*' and Gunicorn listens on every address");
        },
    },
    {
        id: "djdeploy.gunicorn-threads",
        level: "info",
        title: "The sync worker is not used",
        why: "With threads above 1 Gunicorn silently takes the gthread worker.",
        fix: 'Write worker_class = "gthread", or remove threads.',
        docs: DOCS,
        check: (j) => {
            const gunicorn = gunicornOf(j);
            const kind = gunicorn?.get("worker_class").value;
            if (!gunicorn || kind?.t !== "str" || kind.v !== "sync")
                return [];
            return told(j, gunicorn.get("threads"), (o) => (numberIn(o) ?? 0) > 1, "are several", "worker_class is sync, and threads above 1 make it gthread");
        },
    },
    {
        id: "djdeploy.gunicorn-worker-package",
        level: "error",
        title: "The worker's package is not among the requirements",
        why: "Gunicorn does not start: it cannot import the worker class.",
        fix: "Add the package to the requirements, or use another worker class.",
        docs: DOCS,
        check: missingWorker,
    },
    {
        id: "djdeploy.gunicorn-pidfile",
        level: "warning",
        title: "The pidfile lies in a folder for everyone",
        why: "Anyone on the host can make /tmp's file first and keep Gunicorn from starting.",
        fix: "Remove pidfile: the service manager knows the process.",
        docs: DOCS,
        check: (j) => {
            const pidfile = gunicornOf(j)?.get("pidfile");
            return pidfile
                ? told(j, pidfile, (o) => /^\/(var\/)?tmp\//.test(textIn(o) ?? ""), "is in /tmp", "Gunicorn's pidfile lies in a temporary folder")
                : [];
        },
    },
    gunicorn_setting({
        id: "djdeploy.gunicorn-error-log",
        level: "info",
        name: "errorlog",
        title: "Gunicorn's errors go into a file",
        why: "djdeploy logs and journalctl then do not show why a worker died, and nobody rotates the file.",
        fix: 'Leave errorlog at "-".',
        message: "Gunicorn writes its errors into a file instead of the service's log",
        test: (o) => textIn(o) !== null && textIn(o) !== "-",
    }),
    {
        id: "djdeploy.gunicorn-max-requests",
        level: "info",
        title: "All workers restart at the same time",
        why: "max_requests without max_requests_jitter: workers that began together end together.",
        fix: "Set max_requests_jitter to a tenth of max_requests.",
        docs: DOCS,
        check: (j) => {
            const gunicorn = gunicornOf(j);
            const jitter = gunicorn?.get("max_requests_jitter").value;
            if (!gunicorn || (jitter && jitter.t !== "missing"))
                return [];
            return told(j, gunicorn.get("max_requests"), (o) => (numberIn(o) ?? 0) > 0, "is set", "max_requests is set without max_requests_jitter");
        },
    },
    {
        id: "djdeploy.gunicorn-settings-module",
        level: "error",
        title: "Gunicorn's configuration names other settings",
        why: "raw_env replaces DJANGO_SETTINGS_MODULE in every worker: what was judged is not what serves.",
        fix: "Remove DJANGO_SETTINGS_MODULE from raw_env: a deploy sets it.",
        docs: DOCS,
        check: otherSettings,
    },
    gunicorn_setting({
        id: "djdeploy.gunicorn-chdir",
        level: "warning",
        name: "chdir",
        title: "Gunicorn changes into another folder",
        why: "A fixed folder is not the release's: other code may be imported than the one that was deployed.",
        fix: "Remove chdir: a deploy starts Gunicorn in the release.",
        message: "Gunicorn's chdir leads out of the release",
        test: (o) => textIn(o)?.startsWith("/") === true && !textIn(o)?.startsWith("/srv/site"),
    }),
    {
        id: "djdeploy.gunicorn-file-overruled",
        level: "info",
        title: "A deploy's command line overrules gunicorn.conf.py",
        why: "Gunicorn takes the command line over GUNICORN_CMD_ARGS over its file; a deploy gives these on the command line.",
        fix: "Use server.workers and server.args in djdeploy.yml, and remove the lines.",
        docs: DOCS,
        check: (j) => {
            const gunicorn = j.input.deployment ? gunicornOf(j) : null;
            const without = OURS.filter((name) => gunicorn && gunicorn.inFile(name).value.t !== "missing");
            if (!gunicorn || without.length === 0)
                return [];
            return [
                {
                    when: TRUE,
                    message: `${without.join(", ")} in ${gunicorn.file} ${without.length === 1 ? "has" : "have"} no effect: a deploy's command line wins`,
                    place: gunicorn.inFile(without[0]).place,
                },
            ];
        },
    },
    {
        id: "djdeploy.runserver-in-production",
        level: "warning",
        title: "manage.py runserver serves production",
        why: "The development server is slow, has no protection against load, and was never examined for holes.",
        fix: "Start gunicorn instead; a deploy does so by itself.",
        docs: "ref/django-admin/#runserver",
        check: runserver,
    },
];
/** A bind that the deploy's own does not replace: it is given on the command line, or nothing deploys here. */
function publicBind(j) {
    const gunicorn = gunicornOf(j);
    if (!gunicorn)
        return [];
    const bind = gunicorn.get("bind");
    if (bind.of && j.input.deployment)
        return [];
    return told(j, bind, isPublic, "is public", "Gunicorn listens on every address").filter(({ when }) => !(when.t === "bool" && !when.v));
}
const PACKAGES = {
    gevent: ["gevent"],
    eventlet: ["eventlet"],
    tornado: ["tornado"],
    "uvicorn.workers": ["uvicorn"],
    uvicorn_worker: ["uvicorn-worker"],
};
function missingWorker(j) {
    const declared = declaredPackages(j.input.files);
    const kind = gunicornOf(j)?.get("worker_class");
    const name = kind ? textIn(kind.value) : null;
    const wanted = Object.entries(PACKAGES).find(([start]) => name === start || name?.startsWith(`${start}.`))?.[1];
    if (!kind || !wanted || declared === null || wanted.some((p) => declared.has(p)))
        return [];
    return [
        {
            when: TRUE,
            message: `Gunicorn's worker class ${name} needs ${wanted[0]}, which no requirements file names`,
            place: kind.place,
            // Another package may bring it.
            level: "warning",
        },
    ];
}
function otherSettings(j) {
    const gunicorn = gunicornOf(j);
    if (!gunicorn)
        return [];
    const env = gunicorn.get("raw_env");
    const items = env.value.t === "str" ? [env.value] : (certainItems(env.value) ?? []);
    return items.flatMap((item) => {
        const found = item.t === "str" ? /^DJANGO_SETTINGS_MODULE=(.*)$/.exec(item.v)?.[1] : undefined;
        if (found === undefined || found === j.input.settingsModule)
            return [];
        return [
            {
                when: TRUE,
                everywhere: true,
                message: `raw_env sets DJANGO_SETTINGS_MODULE to ${found}, and ${j.input.settingsModule} was judged`,
                place: env.place,
            },
        ];
    });
}
/** In what starts a site: a Procfile's web line, a unit, a production Dockerfile. */
function runserver(j) {
    const starts = /^(?:web:|ExecStart=|CMD\b|ENTRYPOINT\b|command=).*\bmanage\.py["',\s]+runserver\b/m;
    return j.input.files
        .list()
        .filter((f) => /(^|\/)(Procfile|Dockerfile(\.prod\w*)?|[^/]+\.service|supervisord?\.conf)$/.test(f))
        .filter((f) => !/(^|[/._-])(dev|local|test|example|docs)/i.test(f))
        .flatMap((file) => {
        const text = j.input.files.read(file) ?? "";
        const found = starts.exec(text);
        if (!found)
            return [];
        const place = {
            t: "place",
            file,
            line: text.slice(0, found.index).split("\n").length,
            column: 1,
        };
        return [{ when: TRUE, message: `${file} starts manage.py runserver`, place }];
    });
}

;// CONCATENATED MODULE: ./build/src/lint/rules/headers.js





const FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware";
const headers_security = (j) => hasMiddleware(j, SECURITY);
const REFERRER = new Set("no-referrer no-referrer-when-downgrade origin origin-when-cross-origin same-origin strict-origin strict-origin-when-cross-origin unsafe-url".split(" "));
const OPENER = new Set(["same-origin", "same-origin-allow-popups", "unsafe-none"]);
/** Family X: headers that browsers act on. */
const headerRules = [
    rule({
        id: "security.W002",
        level: "warning",
        title: "XFrameOptionsMiddleware is missing",
        why: "Other sites can then show yours in a frame and lure visitors into clicking in it.",
        fix: `Add "${FRAMES}" to MIDDLEWARE.`,
        docs: "ref/clickjacking/",
        setting: "MIDDLEWARE",
        message: "XFrameOptionsMiddleware is not in MIDDLEWARE",
        hint: `add "${FRAMES}"`,
        when: (j) => not(hasMiddleware(j, FRAMES)),
    }),
    rule({
        id: "security.W006",
        level: "warning",
        title: "Browsers may guess content types",
        why: "An uploaded text may then run as a script.",
        fix: "Leave SECURE_CONTENT_TYPE_NOSNIFF at True.",
        docs: "ref/settings/#secure-content-type-nosniff",
        setting: "SECURE_CONTENT_TYPE_NOSNIFF",
        message: "SECURE_CONTENT_TYPE_NOSNIFF is not True",
        when: (j) => and(headers_security(j), not(isExactlyTrue(j, "SECURE_CONTENT_TYPE_NOSNIFF"))),
    }),
    rule({
        id: "security.W007",
        level: "warning",
        to: [3, 0],
        title: "The browsers' old XSS filter is off",
        why: "Old browsers block some attacks with it.",
        fix: "Set SECURE_BROWSER_XSS_FILTER = True.",
        setting: "SECURE_BROWSER_XSS_FILTER",
        message: "SECURE_BROWSER_XSS_FILTER is not True",
        when: (j) => and(headers_security(j), not(isExactlyTrue(j, "SECURE_BROWSER_XSS_FILTER"))),
    }),
    rule({
        id: "security.W019",
        level: "warning",
        title: "X_FRAME_OPTIONS is not DENY",
        why: "Pages of the same origin may show this one in a frame.",
        fix: "Set X_FRAME_OPTIONS = 'DENY', unless the site frames itself.",
        docs: "ref/settings/#x-frame-options",
        setting: "X_FRAME_OPTIONS",
        message: "X_FRAME_OPTIONS is not 'DENY'",
        hint: "X_FRAME_OPTIONS = 'DENY'",
        when: (j) => and(hasMiddleware(j, FRAMES), not(holds(j, setting(j, "X_FRAME_OPTIONS"), (o) => o.t === "str" && o.v === "DENY", "is DENY"))),
    }),
    rule({
        id: "security.W022",
        level: "warning",
        from: [3, 0],
        title: "No referrer policy",
        why: "Addresses of your pages are told to the sites that they link to.",
        fix: "Set SECURE_REFERRER_POLICY = 'same-origin'.",
        docs: "ref/settings/#secure-referrer-policy",
        setting: "SECURE_REFERRER_POLICY",
        message: "SECURE_REFERRER_POLICY is None",
        when: (j) => and(headers_security(j), holds(j, setting(j, "SECURE_REFERRER_POLICY"), (o) => o.t === "none", "is None")),
    }),
    rule({
        id: "security.E023",
        level: "error",
        from: [3, 0],
        title: "SECURE_REFERRER_POLICY has an invalid value",
        why: "Browsers ignore a policy that they do not know.",
        fix: "Use one or more of the values that the documentation lists.",
        docs: "ref/settings/#secure-referrer-policy",
        setting: "SECURE_REFERRER_POLICY",
        message: "SECURE_REFERRER_POLICY has a value that no browser knows",
        when: (j) => and(headers_security(j), badPolicy(j)),
    }),
    rule({
        id: "security.E024",
        level: "error",
        from: [4, 0],
        title: "SECURE_CROSS_ORIGIN_OPENER_POLICY has an invalid value",
        why: "Browsers ignore a policy that they do not know.",
        fix: "Use same-origin, same-origin-allow-popups or unsafe-none.",
        docs: "ref/settings/#secure-cross-origin-opener-policy",
        setting: "SECURE_CROSS_ORIGIN_OPENER_POLICY",
        message: "SECURE_CROSS_ORIGIN_OPENER_POLICY has a value that no browser knows",
        when: (j) => and(headers_security(j), holds(j, setting(j, "SECURE_CROSS_ORIGIN_OPENER_POLICY"), (o) => o.t !== "none" && !(o.t === "str" && OPENER.has(o.v)), "is an invalid policy")),
    }),
];
function badPolicy(j) {
    const value = setting(j, "SECURE_REFERRER_POLICY");
    const bad = (o) => o.t === "str" && !o.v.split(",").every((p) => REFERRER.has(p.trim()));
    let any = holds(j, value, bad, "is an invalid policy");
    if (!since(j, 3))
        return FALSE;
    for (const { item, when } of judge_elements(j, value))
        if (item.t === "str" && !REFERRER.has(item.v))
            any = or(any, when);
    return any;
}

;// CONCATENATED MODULE: ./build/src/lint/rules/key-handling.js




/** Family K, how a key is handled: written, printed, shared. */
const keyHandlingRules = [
    {
        id: "djdeploy.secret-key-written",
        level: "warning",
        title: "The settings write SECRET_KEY into a file",
        why: "The file is made anew with every release, or by whichever worker is first: sessions die, and the key lies in a file that nobody looks after.",
        fix: 'Read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"].',
        docs: "ref/settings/#secret-key",
        check: writesKey,
    },
    {
        id: "djdeploy.secret-key-shared",
        level: "warning",
        title: "Development and production have the same SECRET_KEY",
        why: "Everyone who has the development settings can forge production's sessions.",
        fix: "Make a new key for production and read it from the environment.",
        docs: "ref/settings/#secret-key",
        partOf: ["djdeploy.secret-key-published", "security.W009"],
        check: (j) => {
            const key = setting(j, "SECRET_KEY");
            if (!questions_isLiteral(j, key) || key.t !== "str")
                return [];
            const other = settingsBeside(j).find((file) => (j.input.files.read(file) ?? "").includes(key.v));
            return other
                ? [{ when: TRUE, setting: "SECRET_KEY", message: `SECRET_KEY stands in ${other} too` }]
                : [];
        },
    },
    {
        id: "djdeploy.signing-key-shared",
        level: "warning",
        title: "Tokens are signed with a SECRET_KEY that stands in the repository",
        why: "Whoever reads the repository can make tokens for every user.",
        fix: "Give tokens a key of their own, through the environment.",
        partOf: ["djdeploy.secret-key-published", "security.W009"],
        check: (j) => [
            ["SIMPLE_JWT", "SIGNING_KEY"],
            ["JWT_AUTH", "JWT_SECRET_KEY"],
            ["GRAPHQL_JWT", "JWT_SECRET_KEY"],
        ].map(([name, part]) => {
            const key = judge_within(j, setting(j, name), part);
            const own = setting(j, "SECRET_KEY");
            const same = key.t === "str" && own.t === "str" && key.v === own.v && questions_isLiteral(j, key);
            return {
                when: same ? TRUE : FALSE,
                setting: name,
                message: `${name}["${part}"] is the SECRET_KEY that stands in the repository`,
            };
        }),
    },
    {
        id: "djdeploy.secret-key-printed",
        level: "warning",
        title: "The settings print SECRET_KEY",
        why: "It then stands in the log of every start, for everyone who may read logs.",
        fix: "Remove the line, and make a new key.",
        docs: "ref/settings/#secret-key",
        check: (j) => callsOf(j, /^(print|pprint(\.pprint)?|(logging|logger|log)\.(debug|info|warning|error|critical|exception))$/)
            .filter((call) => call.always && showsKey(call))
            .map((call) => ({
            when: TRUE,
            setting: "SECRET_KEY",
            message: `${call.name}() shows SECRET_KEY`,
            place: placeOfCode(call),
        })),
    },
];
/** The key itself, also within an f-string or as an argument of format(); not its length. */
function showsKey(call) {
    const plain = (expr) => {
        if (expr.nodeType === "Name")
            return expr.id === "SECRET_KEY";
        if (expr.nodeType === "Call")
            return expr.func.nodeType === "Attribute" && expr.func.attr === "format" && expr.args.some(plain);
        return /^(JoinedStr|FormattedValue|BinOp|Tuple)$/.test(expr.nodeType) && !hasCall(expr)
            ? mentions(expr, "SECRET_KEY")
            : false;
    };
    return [...call.args, ...call.keywords.map((k) => k.value)].some(plain);
}
function hasCall(node) {
    if (Array.isArray(node))
        return node.some(hasCall);
    if (typeof node !== "object" || node === null)
        return false;
    return node.nodeType === "Call" || Object.values(node).some(hasCall);
}
/** One statement both makes a key and opens a file for writing. */
function writesKey(j) {
    const whole = codeOf(j).filter(({ node }) => /^(If|Try|With|FunctionDef)$/.test(node.nodeType));
    const found = whole.find(({ file, node }) => {
        const text = j.evaluation.parsed
            .get(file)
            ?.lines.slice(node.lineno - 1, node.end_lineno)
            .join("\n") ?? "";
        if (node.nodeType === "If" && mentions(node.test, "DEBUG"))
            return false;
        const writes = /\.write_text\(|\bopen\([^)]*,\s*(?:mode=)?["'][wax]b?["']/.test(text);
        return (writes &&
            /SECRET_KEY/.test(text) &&
            /get_random_secret_key|token_(hex|urlsafe)|random|urandom/.test(text));
    });
    if (!found)
        return [];
    return [
        {
            when: found.always ? TRUE : FALSE,
            setting: "SECRET_KEY",
            message: "the settings make a SECRET_KEY and write it into a file",
            place: placeOfCode(found),
        },
    ];
}
/** Other settings modules of the repository, that production does not load. */
function settingsBeside(j) {
    const own = j.evaluation.file ?? "";
    const folder = own.slice(0, own.lastIndexOf("/") + 1);
    const executed = new Set(j.evaluation.files);
    return j.input.files
        .list()
        .filter((f) => f.startsWith(folder) && f.endsWith(".py") && !f.slice(folder.length).includes("/"))
        .filter((f) => !executed.has(f) && /settings|dev|local|test|staging|base|ci/.test(f));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/logging.js







const logging = (j, ...path) => judge_within(j, setting(j, "LOGGING"), ...path);
const handlers = (j) => entries(j, logging(j, "handlers"));
const classIs = (j, handler, test) => textHolds(j, judge_within(j, handler, "class"), test, "is such a handler");
const inFile = (j, handler) => classIs(j, handler, (c) => /FileHandler$/.test(c));
/** Family L: logging. */
const loggingRules = [
    rule({
        id: "djdeploy.logging-unset",
        level: "warning",
        setting: "LOGGING",
        title: "Errors are written to no log",
        why: "With DEBUG off, Django's own logging sends errors to ADMINS by mail and nowhere else: the log has no traceback.",
        fix: 'LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["console"], "level": "INFO"}}.',
        docs: "topics/logging/",
        when: (j) => (ownSetup(j) || tracker(j) ? FALSE : not(isTruthy(j, "LOGGING"))),
        hint: "set LOGGING with a console handler: djdeploy explain djdeploy.logging-unset shows four lines that do",
    }),
    rule({
        id: "djdeploy.logging-disables-loggers",
        level: "warning",
        setting: "LOGGING",
        title: "LOGGING turns existing loggers off",
        why: "disable_existing_loggers is True (its default): what was set up before, Django's own loggers included, falls silent.",
        fix: 'Set "disable_existing_loggers": False.',
        when: (j) => and(isTruthy(j, "LOGGING"), holds(j, logging(j, "disable_existing_loggers"), (o) => o.t === "missing" || (o.t === "bool" && o.v), "is on")),
    }),
    {
        id: "djdeploy.logging-unknown-handler",
        level: "error",
        title: "A logger names a handler that is not defined",
        why: "Django cannot set up logging and does not start.",
        fix: "Define the handler, or correct its name.",
        docs: "topics/logging/",
        check: unknownHandlers,
    },
    {
        id: "djdeploy.log-file-relative",
        level: "warning",
        title: "A log file has a relative path",
        why: "Where it lies depends on the folder the server was started from.",
        fix: "Write to the console (the service's log keeps it), or give an absolute path.",
        docs: settingDocs("LOGGING"),
        check: (j) => handlers(j).map(({ key, value, when }) => ({
            when: and(and(when, inFile(j, value)), textHolds(j, judge_within(j, value, "filename"), (f) => f !== "" && !f.startsWith("/"), "is relative")),
            setting: "LOGGING",
            message: `the log file of the handler "${key}" has a relative path`,
        })),
    },
    {
        id: "djdeploy.log-file-in-release",
        level: "warning",
        title: "A log file lies in the release",
        why: "The release is read-only while it runs, and another one follows: the settings do not load, or the log is lost.",
        fix: 'Write to the console, or name the folder in djdeploy.yml: shared: ["logs/"].',
        docs: settingDocs("LOGGING"),
        check: (j) => inRelease(j),
    },
    {
        id: "djdeploy.log-file-rotation",
        level: "warning",
        title: "Several workers rotate one log file",
        why: "Each renames the file under the others' feet: lines are lost or written into the old file.",
        fix: "Write to the console, or use WatchedFileHandler and logrotate.",
        docs: settingDocs("LOGGING"),
        check: (j) => handlers(j).map(({ key, value, when }) => ({
            when: and(when, classIs(j, value, (c) => /^logging\.handlers\.(Timed)?RotatingFileHandler$/.test(c))),
            setting: "LOGGING",
            message: `the handler "${key}" rotates its file from every worker at once`,
        })),
    },
    {
        id: "djdeploy.logging-debug-level",
        level: "warning",
        title: "Everything is logged",
        why: "DEBUG on the root logger or on django.db.backends writes every query, with its values, into the log.",
        fix: 'Use "INFO" or "WARNING".',
        docs: settingDocs("LOGGING"),
        check: (j) => [["root"], ["loggers", ""], ["loggers", "django.db.backends"], ["loggers", "django"]].map((path) => ({
            when: textHolds(j, logging(j, ...path, "level"), (l) => l === "DEBUG", "is DEBUG"),
            setting: "LOGGING",
            message: `LOGGING: ${path.at(-1) || "root"} has the level DEBUG`,
        })),
    },
    {
        id: "djdeploy.mail-admins-nobody",
        level: "warning",
        title: "Errors are mailed to nobody",
        why: "LOGGING sends errors to ADMINS, and ADMINS is empty.",
        fix: "Set ADMINS (and SERVER_EMAIL), or remove the handler.",
        docs: settingDocs("ADMINS"),
        check: (j) => handlers(j).map(({ key, value, when }) => ({
            when: and(and(when, used(j, key)), and(classIs(j, value, (c) => c.endsWith(".AdminEmailHandler")), not(isTruthy(j, "ADMINS")))),
            setting: "LOGGING",
            message: `the handler "${key}" mails errors to ADMINS, and ADMINS is empty`,
        })),
    },
    rule({
        id: "djdeploy.logging-config-none",
        level: "info",
        setting: "LOGGING_CONFIG",
        title: "Logging is set up by nobody",
        why: "LOGGING_CONFIG = None keeps Django from reading LOGGING, and the settings set up nothing themselves.",
        fix: "Call logging.config.dictConfig(LOGGING) yourself, or remove LOGGING_CONFIG.",
        docs: settingDocs("LOGGING_CONFIG"),
        when: (j) => ownSetup(j)
            ? FALSE
            : and(isTruthy(j, "LOGGING"), holds(j, setting(j, "LOGGING_CONFIG"), (o) => o.t === "none", "is None")),
    }),
    rule({
        id: "djdeploy.logging-no-console",
        level: "info",
        setting: "LOGGING",
        title: "Nothing is written to the console",
        why: "The service's own log (djdeploy logs, journalctl) then shows nothing of what happens.",
        fix: 'Add a handler with the class "logging.StreamHandler" to the root logger.',
        when: (j) => {
            const all = handlers(j);
            let away = all.length > 0 ? isTruthy(j, "LOGGING") : FALSE;
            for (const { value, when } of all)
                away = and(away, or(not(when), classIs(j, value, (c) => /(File|Email|SysLog|Null)Handler$/.test(c))));
            return away;
        },
    }),
];
/** The settings, not Django, set up logging. */
const ownSetup = (j) => callsOf(j, /(^|\.)(dictConfig|fileConfig|basicConfig)$/).length > 0;
function loggers(j) {
    return [["root"], ...entries(j, logging(j, "loggers")).map(({ key }) => ["loggers", key])];
}
function unknownHandlers(j) {
    return loggers(j).flatMap((path) => judge_elements(j, logging(j, ...path, "handlers")).flatMap(({ item, when }) => {
        if (item.t !== "str")
            return [];
        return [
            {
                when: and(when, isMissing(j, logging(j, "handlers", item.v))),
                setting: "LOGGING",
                message: `LOGGING: ${path.join(".")} names ${named(j, "handler", item, when)}, which is not defined`,
            },
        ];
    }));
}
/** Does a logger write to the handler? */
function used(j, handler) {
    let any = FALSE;
    for (const path of loggers(j))
        for (const { item, when } of judge_elements(j, logging(j, ...path, "handlers")))
            if (item.t === "str" && item.v === handler)
                any = or(any, when);
    return any;
}
function inRelease(j) {
    const shared = (j.input.deployment?.shared ?? []).map((p) => p.replace(/\/+$/, ""));
    return handlers(j).map(({ key, value, when }) => ({
        when: and(and(when, inFile(j, value)), textHolds(j, judge_within(j, value, "filename"), (f) => {
            const path = belowTop(f);
            return path !== null && !shared.some((s) => isInside(path, s));
        }, "lies in the release")),
        setting: "LOGGING",
        message: `the log file of the handler "${key}" lies in the release, which is read-only while it runs`,
    }));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/mail.js






const DEVELOPMENT_MAIL = /^django\.core\.mail\.backends\.(console|dummy|filebased|locmem)\./;
const OWN_HOST = /^(localhost|127\.0\.0\.1|::1|)$/;
const OLD_NAMES = "EMAIL_BACKEND EMAIL_HOST EMAIL_PORT EMAIL_HOST_USER EMAIL_HOST_PASSWORD EMAIL_USE_TLS EMAIL_USE_SSL EMAIL_TIMEOUT EMAIL_FILE_PATH EMAIL_SSL_CERTFILE EMAIL_SSL_KEYFILE".split(" ");
const smtp = (j) => textHolds(j, setting(j, "EMAIL_BACKEND"), (b) => b === "django.core.mail.backends.smtp.EmailBackend", "is SMTP");
/** Who sets one of these sends mail; of others the default says nothing. */
const MAIL = [
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_USE_TLS",
    "DEFAULT_FROM_EMAIL",
    "SERVER_EMAIL",
    "ADMINS",
];
/** Family A: mail. */
const mailRules = [
    rule({
        id: "mail.E001",
        level: "error",
        from: [6, 1],
        setting: "MAILERS",
        title: "Mails are not sent",
        why: "The console, dummy, file and memory backends are for development: password resets and error mails go nowhere.",
        fix: "Give MAILERS['default'] the backend django.core.mail.backends.smtp.EmailBackend or your provider's.",
        when: (j) => and(isSet(j, "MAILERS"), textHolds(j, judge_within(j, setting(j, "MAILERS"), "default", "BACKEND"), (b) => DEVELOPMENT_MAIL.test(b), "is for development")),
    }),
    rule({
        id: "mail.W001",
        level: "warning",
        from: [6, 1],
        setting: "MAILERS",
        title: "MAILERS has no default",
        why: "Mails that name no mailer, Django's own among them, fail.",
        fix: 'Add a "default" entry.',
        when: (j) => and(isSet(j, "MAILERS"), isMissing(j, judge_within(j, setting(j, "MAILERS"), "default"))),
    }),
    {
        id: "djdeploy.mail-settings-clash",
        level: "error",
        from: [6, 1],
        title: "MAILERS together with the settings it replaces",
        why: "Django refuses to start with both.",
        fix: "Move the EMAIL_… settings into MAILERS.",
        docs: settingDocs("MAILERS"),
        check: (j) => OLD_NAMES.map((name) => ({
            when: and(isSet(j, "MAILERS"), isSet(j, name)),
            setting: name,
            message: `MAILERS and ${name} are both set: Django does not start`,
        })),
    },
    rule({
        id: "djdeploy.mail-backend",
        level: "warning",
        setting: "EMAIL_BACKEND",
        title: "Mails are not sent",
        why: "The console, dummy, file and memory backends are for development: password resets and error mails go nowhere.",
        fix: "Use django.core.mail.backends.smtp.EmailBackend or your provider's.",
        when: (j) => textHolds(j, setting(j, "EMAIL_BACKEND"), (b) => DEVELOPMENT_MAIL.test(b), "is for development"),
    }),
    rule({
        id: "djdeploy.mail-local-host",
        level: "info",
        setting: "EMAIL_HOST",
        title: "Mails go to a server on the host itself",
        why: "EMAIL_HOST is localhost, its default: without a mail server there, password resets and error mails fail.",
        fix: "Name a mail server in EMAIL_HOST, or install one on the host.",
        when: (j) => isSetAtAll(j, "MAILERS") || !MAIL.some((name) => isSetAtAll(j, name))
            ? FALSE
            : and(smtp(j), textHolds(j, setting(j, "EMAIL_HOST"), (h) => OWN_HOST.test(h), "is the host itself")),
    }),
    rule({
        id: "djdeploy.mail-password-literal",
        level: "error",
        setting: "EMAIL_HOST_PASSWORD",
        title: "The mail password stands in the repository",
        why: "Everyone who can read the repository can send mails in your name.",
        fix: "Read it from the environment.",
        when: (j) => {
            const v = setting(j, "EMAIL_HOST_PASSWORD");
            return questions_isLiteral(j, v) && !(v.t === "str" && isPlaceholder(v.v)) ? TRUE : FALSE;
        },
    }),
    rule({
        id: "djdeploy.mail-no-tls",
        level: "warning",
        setting: "EMAIL_USE_TLS",
        title: "Mail credentials without TLS",
        why: "User name and password cross the network in the clear.",
        fix: "Set EMAIL_USE_TLS = True (port 587) or EMAIL_USE_SSL = True (port 465).",
        when: (j) => and(and(isTruthy(j, "EMAIL_HOST_PASSWORD"), textHolds(j, setting(j, "EMAIL_HOST"), (h) => !OWN_HOST.test(h), "is remote")), and(not(isTruthy(j, "EMAIL_USE_TLS")), not(isTruthy(j, "EMAIL_USE_SSL")))),
    }),
];
const isSetAtAll = (j, name) => j.evaluation.settings.has(name);

;// CONCATENATED MODULE: ./build/src/lint/rules/media.js







/** Keys of storage services, by the settings of django-storages. */
const STORAGE_KEYS = /^(AWS_(S3_)?SECRET_ACCESS_KEY|AZURE_ACCOUNT_KEY|AZURE_CONNECTION_STRING|DROPBOX_OAUTH2_TOKEN|B2_APPLICATION_KEY|CLOUDINARY_API_SECRET|SFTP_STORAGE_PASSWORD)$/;
const STORAGE_OPTIONS = /^(secret_key|account_key|connection_string|password|api_secret|oauth2_access_token)$/;
/** The dotted path of the storage for uploads. */
function storage(j) {
    return since(j, 4, 2) && j.evaluation.settings.has("STORAGES")
        ? judge_within(j, setting(j, "STORAGES"), "default", "BACKEND")
        : setting(j, "DEFAULT_FILE_STORAGE");
}
const s3 = (j) => textHolds(j, storage(j), (b) => /(^|\.)s3(boto3)?\.\w+$/i.test(b), "is S3");
const local = (j) => or(isMissing(j, storage(j)), textHolds(j, storage(j), (b) => /(^|\.)FileSystemStorage$/.test(b), "is local"));
/** An option of the default storage, by its setting or in STORAGES. */
const optionIs = (j, name, option, test) => {
    const is = (v) => holds(j, v, (o) => test("v" in o ? o.v : null), "is so");
    return or(is(setting(j, name)), is(judge_within(j, setting(j, "STORAGES"), "default", "OPTIONS", option)));
};
/** Family M: what visitors upload. */
const mediaRules = [
    {
        id: "djdeploy.media-is-static",
        level: "error",
        title: "MEDIA_ROOT lies in STATIC_ROOT",
        why: "Uploads and collected files get into each other's way: collecting anew can overwrite or delete uploads.",
        fix: "Give uploads a folder of their own.",
        docs: settingDocs("MEDIA_ROOT"),
        check: (j) => {
            const [media, statics] = [setting(j, "MEDIA_ROOT"), setting(j, "STATIC_ROOT")];
            const inside = textHolds(j, media, (m) => m !== "" &&
                (statics.t === "str" || statics.t === "path") &&
                statics.v !== "" &&
                isInside(m, statics.v), "lies in STATIC_ROOT");
            return [
                {
                    when: and(isTruthy(j, "MEDIA_ROOT"), or(equal(j.m, media, statics), inside)),
                    setting: "MEDIA_ROOT",
                    message: "MEDIA_ROOT is STATIC_ROOT or lies in it",
                },
            ];
        },
    },
    rule({
        id: "djdeploy.media-on-one-host",
        level: "warning",
        setting: "MEDIA_ROOT",
        title: "Uploads stay on the host that took them",
        why: "With several hosts a visitor finds an upload only where it happened to go.",
        fix: "Keep uploads in object storage (django-storages), or share the folder between the hosts.",
        when: (j) => ((j.input.deployment?.hosts ?? 1) > 1 ? and(isTruthy(j, "MEDIA_ROOT"), local(j)) : FALSE),
    }),
    rule({
        id: "djdeploy.media-public-acl",
        level: "info",
        setting: "AWS_DEFAULT_ACL",
        title: "Every upload can be read by everyone",
        why: "The access list public-read is given to each file, also to those that only their owner should see.",
        fix: "Remove AWS_DEFAULT_ACL, and let django-storages sign the addresses.",
        docs: "https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html",
        when: (j) => and(s3(j), optionIs(j, "AWS_DEFAULT_ACL", "default_acl", (v) => typeof v === "string" && v.startsWith("public-read"))),
    }),
    rule({
        id: "djdeploy.media-overwritten",
        level: "info",
        setting: "AWS_S3_FILE_OVERWRITE",
        title: "An upload replaces another of the same name",
        why: "django-storages overwrites by default: two users with photo.jpg share the last one.",
        fix: "Set AWS_S3_FILE_OVERWRITE = False, or give every upload a name of its own.",
        docs: "https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html",
        when: (j) => and(s3(j), not(optionIs(j, "AWS_S3_FILE_OVERWRITE", "file_overwrite", (v) => v === false))),
    }),
    {
        id: "djdeploy.storage-key-literal",
        level: "error",
        title: "A storage key stands in the repository",
        why: "Everyone who can read the repository can read, change and delete what is stored.",
        fix: "Read it from the environment, and replace it at the provider.",
        docs: "https://django-storages.readthedocs.io/",
        check: storageKeys,
    },
    {
        id: "djdeploy.storage-backend-removed",
        // An old enough django-storages still has it.
        level: "warning",
        title: "A storage that its package no longer has",
        why: "The backends for boto 2 are gone from django-storages: the first upload fails.",
        fix: 'Write "storages.backends.s3.S3Storage" and add boto3 to the requirements.',
        docs: "https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html",
        check: (j) => [
            storage(j),
            judge_within(j, setting(j, "STORAGES"), "staticfiles", "BACKEND"),
            setting(j, "STATICFILES_STORAGE"),
        ].map((backend, i) => ({
            when: textHolds(j, backend, (b) => /^storages\.backends\.s3boto\./.test(b), "is for boto 2"),
            setting: settingOf(j, i),
            message: "storages.backends.s3boto was removed from django-storages",
        })),
    },
    rule({
        id: "djdeploy.media-same-origin",
        level: "info",
        setting: "MEDIA_URL",
        title: "Uploads are served from the site's own address",
        why: "An uploaded page or drawing with a script in it runs with the rights of the site.",
        fix: "Serve uploads from another domain, or only types that browsers do not run.",
        docs: "topics/security/#user-uploaded-content",
        when: (j) => and(and(isTruthy(j, "MEDIA_ROOT"), local(j)), and(or(hasApp(j, "django.contrib.auth"), hasApp(j, "django.contrib.sessions")), textHolds(j, setting(j, "MEDIA_URL"), (u) => u !== "" && !/^(https?:)?\/\//.test(u), "is local"))),
    }),
];
function settingOf(j, i) {
    if (j.evaluation.settings.has("STORAGES"))
        return "STORAGES";
    return i === 0 ? "DEFAULT_FILE_STORAGE" : "STATICFILES_STORAGE";
}
function storageKeys(j) {
    const found = [];
    for (const name of j.evaluation.settings.keys())
        if (STORAGE_KEYS.test(name) && isKeyText(j, setting(j, name)))
            found.push({ when: TRUE, setting: name, message: `${name} is written in the repository` });
    for (const alias of entries(j, setting(j, "STORAGES")))
        for (const { key, value } of entries(j, judge_within(j, alias.value, "OPTIONS")))
            if (STORAGE_OPTIONS.test(key) && isKeyText(j, value))
                found.push({
                    when: alias.when,
                    setting: "STORAGES",
                    message: `${key} of STORAGES["${alias.key}"] is written in the repository`,
                });
    return found;
}
/** Long enough for a provider's key: "minio" and "changeme" are for development. */
const isKeyText = (j, v) => questions_isLiteral(j, v) &&
    v.t === "str" &&
    v.v.length >= 16 &&
    !isPlaceholder(v.v) &&
    !/^(your|change|example|minio|test|dummy)/i.test(v.v);
const isStorageKey = (name) => STORAGE_KEYS.test(name);

;// CONCATENATED MODULE: ./build/src/lint/rules/obsolete.js






/** Settings that a version stopped reading: name, version, what it means. */
const obsolete_GONE = [
    ["MIDDLEWARE_CLASSES", [2, 0], "the site runs with no middleware at all: rename it to MIDDLEWARE"],
    ["TEMPLATE_DIRS", [1, 10], "templates are not found: use TEMPLATES"],
    ["TEMPLATE_CONTEXT_PROCESSORS", [1, 10], "use TEMPLATES"],
    ["TEMPLATE_LOADERS", [1, 10], "use TEMPLATES"],
    ["TEMPLATE_DEBUG", [1, 10], "use TEMPLATES"],
    ["SECURE_BROWSER_XSS_FILTER", [4, 0], "browsers have dropped the filter"],
    [
        "PASSWORD_RESET_TIMEOUT_DAYS",
        [4, 0],
        "reset links have another lifetime: use PASSWORD_RESET_TIMEOUT (seconds)",
    ],
    ["DEFAULT_HASHING_ALGORITHM", [4, 0], "it was for the move to 3.1"],
    ["USE_L10N", [5, 0], "localisation is always on"],
    ["USE_DEPRECATED_PYTZ", [5, 0], "zoneinfo is used"],
    ["CSRF_COOKIE_MASKED", [5, 0], "it was for the move to 4.1"],
    ["FORMS_URLFIELD_ASSUME_HTTPS", [6, 0], "https is assumed"],
];
/** Settings that a version warns of and a later one does not read: name, from, until. */
const GOING = [
    [/^EMAIL_(BACKEND|HOST|PORT|HOST_USER|HOST_PASSWORD|USE_TLS|USE_SSL|TIMEOUT)$/, [6, 1], [7, 0], "MAILERS"],
    [/^(STATICFILES_STORAGE|DEFAULT_FILE_STORAGE)$/, [4, 2], [5, 1], "STORAGES"],
];
/** Last day of support of each series, as its release page says. */
const SUPPORT_ENDS = {
    "3.2": "2024-04-01",
    "4.0": "2023-04-01",
    "4.1": "2023-12-01",
    "4.2": "2026-04-30",
    "5.0": "2025-04-02",
    "5.1": "2025-12-31",
    "5.2": "2028-04-30",
    "6.0": "2027-04-30",
    "6.1": "2027-12-31",
};
/** Family F: what this version of Django does not read, or reads otherwise. */
const obsoleteRules = [
    {
        id: "djdeploy.setting-removed",
        level: "warning",
        title: "A setting that this Django no longer reads",
        why: "The line has no effect: what it was for happens otherwise, or not at all.",
        fix: "Remove it, or use what took its place.",
        docs: "ref/settings/",
        check: (j) => obsolete_GONE.filter(([name, from]) => since(j, ...from) && !isReadAgain(j, name)).flatMap(([name, [a, b], meaning]) => {
            const message = `${name} is not read since Django ${a}.${b}`;
            const beside = name === "MIDDLEWARE_CLASSES" ? isSet(j, "MIDDLEWARE") : FALSE;
            return [
                {
                    when: and(isSet(j, name), not(beside)),
                    setting: name,
                    level: levelOf(j, name, meaning),
                    message: `${message}: ${meaning}`,
                },
                // What is left of the old list harms nobody where the one that this Django reads stands beside it.
                {
                    when: and(isSet(j, name), beside),
                    setting: name,
                    level: "info",
                    message: `${message}: MIDDLEWARE, which stands beside it, is`,
                },
            ];
        }),
    },
    {
        id: "djdeploy.setting-deprecated",
        level: "info",
        title: "A setting that a later Django will not read",
        why: "After the upgrade the line has no effect, and nothing says so.",
        fix: "Move it to what takes its place.",
        docs: "internals/deprecation/",
        check: (j) => GOING.filter(([, from, until]) => since(j, ...from) && !since(j, ...until)).flatMap(([names, , [a, b], successor]) => [...j.evaluation.settings.keys()]
            .filter((name) => names.test(name))
            .map((name) => ({
            when: isSet(j, name),
            setting: name,
            message: `${name} is not read by Django ${a}.${b} any more: ${successor} takes its place`,
        }))),
    },
    {
        id: "djdeploy.django-unsupported",
        level: "warning",
        title: "This version of Django gets no fixes any more",
        why: "Holes that are found from now on stay open.",
        fix: "Move to a supported version.",
        docs: "https://www.djangoproject.com/download/#supported-versions",
        check: (j) => {
            const series = /^\d+\.\d+/.exec(j.input.djangoVersion ?? "")?.[0] ?? "";
            const ends = SUPPORT_ENDS[series];
            const old = series !== "" && !since(j, 3, 2);
            const over = old || (ends !== undefined && ends < (j.input.today ?? ends));
            return over
                ? [{ when: bool(true), message: `Django ${series} is out of support${ends ? ` since ${ends}` : ""}` }]
                : [];
        },
    },
    rule({
        id: "models.W042",
        level: "warning",
        from: [3, 2],
        to: [6, 0],
        setting: "DEFAULT_AUTO_FIELD",
        title: "DEFAULT_AUTO_FIELD is not set",
        why: "Django 6 changes the default: the upgrade would plan a migration for every model.",
        fix: "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField' keeps what is there; new projects take BigAutoField.",
        when: (j) => (possible(isSet(j, "INSTALLED_APPS")) ? not(isSet(j, "DEFAULT_AUTO_FIELD")) : FALSE),
    }),
    {
        id: "djdeploy.unused-ignore",
        level: "info",
        title: "Something is ignored that is not there",
        why: "The line has no effect: the id is not known, or the finding is gone.",
        fix: "Correct the id, or remove the line.",
        // Found out last, by suppress.ts: only then is it known what was ignored.
        check: () => [],
    },
    ...misspelt(),
];
/** Settings of well-known packages whose names are like one of Django's. */
const obsolete_OTHERS = new Set(["ASGI_APPLICATION"]);
/** Names one or two letters away from a setting that matters here. */
function misspelt() {
    return [
        {
            id: "djdeploy.setting-misspelt",
            level: "warning",
            title: "A setting's name looks misspelt",
            why: "Django reads only the exact name; this one has no effect.",
            fix: "Correct the name.",
            docs: "ref/settings/",
            check: (j) => {
                const known = [...j.evaluation.defaults.keys()].filter((n) => n.length > 7);
                const checks = [];
                for (const name of j.evaluation.settings.keys()) {
                    if (j.evaluation.defaults.has(name) || name.length < 8 || obsolete_OTHERS.has(name))
                        continue;
                    const near = known.find((k) => Math.abs(k.length - name.length) < 2 && distance(k, name) === 1);
                    if (near)
                        checks.push({
                            when: isSet(j, name),
                            setting: name,
                            message: `${name} has no effect: is ${near} meant?`,
                        });
                }
                return checks;
            },
        },
    ];
}
/** Edit distance, cut at 2. */
function distance(a, b) {
    if (a === b)
        return 0;
    let i = 0;
    while (i < a.length && a[i] === b[i])
        i++;
    const [x, y] = [a.slice(i), b.slice(i)];
    if (x.slice(1) === y || y.slice(1) === x || x.slice(1) === y.slice(1))
        return 1;
    return x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2) ? 1 : 2;
}
/** Without its middleware a site runs with none at all; where nothing says the version, an old one may still read it. */
function levelOf(j, name, meaning) {
    if (name === "MIDDLEWARE_CLASSES")
        return versionOf(j.input.djangoVersion) ? "error" : "warning";
    return meaning.startsWith("reset") ? "warning" : "info";
}

;// CONCATENATED MODULE: ./build/src/lint/rules/outside.js

/** Family F: settings that come from where nobody looked. */
const outsideRules = [
    {
        id: "djdeploy.settings-outside",
        level: "info",
        title: "A star import brings settings from a package",
        why: "Names that a package brings with `import *` are not in the repository. They are taken to be defaults of its own, and not DEBUG, SECURE_… or another of Django's settings.",
        fix: "Import the names that you need, or set what must hold after the import.",
        check: (j) => j.evaluation.notes
            .filter((n) => n.kind === "star-outside" && j.m.trusting)
            .map((n) => ({
            when: TRUE,
            unsure: `${n.what} is outside the repository`,
            whole: true,
            message: `${n.what} may set more than what can be seen; taken not to change Django's own settings`,
            place: n.place,
        })),
    },
];

;// CONCATENATED MODULE: ./build/src/lint/rules/packages.js






/** What settings name by a dotted path, and the packages that have it; any of them will do. */
const PROVIDERS = [
    [/^storages\./, ["django-storages"]],
    [/^whitenoise\./, ["whitenoise"]],
    [/^corsheaders(\.|$)/, ["django-cors-headers"]],
    [/^django_redis\./, ["django-redis"]],
    [/^anymail(\.|$)/, ["django-anymail"]],
    [/^axes(\.|$)/, ["django-axes"]],
    [/^django_extensions$/, ["django-extensions"]],
    [/^debug_toolbar(\.|$)/, ["django-debug-toolbar"]],
    [/^crispy_forms$/, ["django-crispy-forms"]],
    [/^django_celery_beat$/, ["django-celery-beat"]],
    [/^channels$/, ["channels"]],
    [
        /^django\.db\.backends\.postgresql$|^django\.contrib\.gis\.db\.backends\.postgis$/,
        ["psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "psycopg2cffi"],
    ],
    [/^django\.db\.backends\.mysql$/, ["mysqlclient", "pymysql"]],
    [/^django\.db\.backends\.oracle$/, ["oracledb", "cx-oracle"]],
    [/^django\.core\.cache\.backends\.redis\./, ["redis"]],
    [/^django\.core\.cache\.backends\.memcached\.PyMemcache/, ["pymemcache"]],
    [/^django\.core\.cache\.backends\.memcached\.PyLibMC/, ["pylibmc"]],
];
/** Packages that bring others of these along. */
const BRINGS_OTHERS = /^(django-heroku|django-on-heroku|wagtail|django-cms|django-oscar|saleor|mezzanine|cookiecutter.*|dj-stripe|django-storages)$/;
/** Families M, B and F: what the settings name must be installed. */
const packageRules = [
    {
        id: "djdeploy.package-missing",
        level: "error",
        title: "A package that the settings name is not among the requirements",
        why: "Django does not start, or the first use fails: there is no such module.",
        fix: "Add the package to the requirements.",
        docs: settingDocs("INSTALLED_APPS"),
        check: missing,
    },
];
function missing(j) {
    const declared = declaredPackages(j.input.files);
    if (declared === null || !declared.has("django"))
        return [];
    // With a lock file, or where pip wrote every package down, what is not named is not installed.
    const whole = j.input.files
        .list()
        .some((f) => /(^|\/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock)$/.test(f));
    const open = !whole && [...declared].some((p) => BRINGS_OTHERS.test(p));
    return packages_named(j).flatMap(({ name, path, when }) => {
        const providers = PROVIDERS.find(([fits]) => fits.test(path))?.[1];
        if (!providers || providers.some((p) => declared.has(p)))
            return [];
        return [
            {
                when,
                setting: name,
                message: `${name} names ${path}, and no requirements file names ${providers[0]}`,
                hint: `add ${providers[0]} to the requirements`,
                ...(whole ? {} : { level: "warning" }),
                ...(open ? { unsure: "another package may bring it along" } : {}),
            },
        ];
    });
}
/** Every dotted path of installed code that the settings hold. */
function packages_named(j) {
    const lists = ["INSTALLED_APPS", "MIDDLEWARE"].flatMap((name) => questions_texts(j, setting(j, name)).map(({ text, when }) => ({ name, path: text, when })));
    const tables = [
        ["DATABASES", "ENGINE"],
        ["CACHES", "BACKEND"],
        ["STORAGES", "BACKEND"],
    ];
    const backends = tables.flatMap(([name, part]) => entries(j, setting(j, name)).flatMap(({ value, when }) => {
        const path = judge_within(j, value, part);
        return path.t === "str"
            ? [
                {
                    name,
                    path: path.v,
                    when: and(when, textHolds(j, path, () => true, "")),
                },
            ]
            : [];
    }));
    const plain = ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE", "EMAIL_BACKEND"].flatMap((name) => {
        const path = setting(j, name);
        return path.t === "str" && j.evaluation.settings.has(name) ? [{ name, path: path.v, when: TRUE }] : [];
    });
    return [...lists, ...backends, ...plain];
}

;// CONCATENATED MODULE: ./build/src/lint/rules/tokens.js
/** Keys of maps and of Firebase are such. */
const tokens_OPEN = new Set(["a Google API key"]);
/**
 * What secrets of known providers look like: fixed beginnings and lengths, as the providers document them. Only forms
 * that hardly anything else has; guesses by entropy are left out.
 */
const TOKENS = [
    ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
    ["a private key", /-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----/],
    ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/],
    ["a GitLab token", /\bgl(?:pat|dt|rt|ptt|soat)-[A-Za-z0-9_-]{20,}\b/],
    ["a Stripe live key", /\b[sr]k_live_[A-Za-z0-9]{20,}\b/],
    ["a Stripe webhook secret", /\bwhsec_[A-Za-z0-9]{32,}\b/],
    ["a Slack token", /\bxox[abprse]-[A-Za-z0-9-]{20,}\b|\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{30,}\b/],
    [
        "a Slack webhook",
        /https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20,}/,
    ],
    ["a Discord webhook", /https:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,}/],
    ["a SendGrid key", /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/],
    ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
    ["a Google OAuth secret", /\bGOCSPX-[A-Za-z0-9_-]{28}\b/],
    ["a Mailgun key", /\bkey-[0-9a-f]{32}\b/],
    ["a Mailchimp key", /\b[0-9a-f]{32}-us\d{1,2}\b/],
    ["a Brevo key", /\bxkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b/],
    ["a PyPI token", /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}\b/],
    ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
    ["a RubyGems key", /\brubygems_[a-f0-9]{48}\b/],
    ["a Docker Hub token", /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}\b/],
    ["a DigitalOcean token", /\bdo[opr]_v1_[a-f0-9]{64}\b/],
    ["a Heroku key", /\bHRKU-[A-Za-z0-9_-]{36,}\b/],
    ["a Fly.io token", /\bfo1_[\w-]{43}\b/],
    ["a Linode token", /\blin_[a-f0-9]{64}\b/],
    ["a Telegram bot token", /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/],
    ["a Twilio key", /\bSK[0-9a-f]{32}\b/],
    ["an OpenAI key", /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}\b/],
    ["an Anthropic key", /\bsk-ant-(?:api|admin)\d{2}-[A-Za-z0-9_-]{80,}/],
    ["a Hugging Face token", /\bhf_[A-Za-z]{34}\b/],
    ["a Sentry token", /\bsntr[ysu]_[A-Za-z0-9+/=_-]{60,}/],
    ["a New Relic key", /\bNRAK-[A-Z0-9]{27}\b/],
    ["a Grafana token", /\bglsa_[A-Za-z0-9]{32}_[a-f0-9]{8}\b/],
    ["a Datadog client token", /\bddapi_[a-f0-9]{32,}\b/],
    ["a Linear key", /\blin_api_[A-Za-z0-9]{40}\b/],
    ["a Notion token", /\b(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{46})\b/],
    ["a Shopify token", /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/],
    ["a Square token", /\bsq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}\b/],
    ["a Mapbox secret token", /\bsk\.eyJ[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{20,}/],
    ["an Azure storage key", /\bAccountKey=[A-Za-z0-9+/]{86}==/],
    ["a HashiCorp Vault token", /\bhvs\.[A-Za-z0-9_-]{90,}/],
    ["a Terraform Cloud token", /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}/],
    [
        "the address of a database with its password",
        /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?):\/\/[^\s:@/"'$<{]+:(?!\$|<|\{|%|pass|pwd|secret|postgres|root|admin|user|test|example|guest|changeme|x{3})[^\s:@/"'$<{]{12,}@(?!localhost|127\.|(?:db|postgres|redis)(?![\w.-]))[\w.-]+\.[a-z]{2,}/i,
    ],
];
/** One look that rules out nearly every line. */
const ANY = new RegExp(TOKENS.map(([, rule]) => `(?:${rule.source})`).join("|"), "i");
const LONGEST_LINE = 2000;
/** The provider secrets in one line of text. */
function tokensIn(line) {
    if (line.length < 16 || line.length > LONGEST_LINE || !ANY.test(line))
        return [];
    return TOKENS.filter(([, rule]) => rule.test(line)).map(([what]) => ({ what, open: tokens_OPEN.has(what) }));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/secrets.js






const secrets_at = (file, line = 1) => ({ t: "place", file, line, column: 1 });
const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)(_ID)?$/;
/** Settings with a rule of their own, and names of Django's that hold no secret. */
const secrets_JUDGED_ELSEWHERE = /^(SECRET_KEY|EMAIL_HOST_PASSWORD|CSRF_\w+|\w*_FIELD|\w*_URL)$/;
/** Families E and V: files that should not be there, secrets in the repository. */
const secretRules = [
    {
        id: "djdeploy.env-file-tracked",
        level: "error",
        title: "A file of secrets is tracked by git",
        why: "Everyone who can read the repository, or a copy of it, has them; and they stay in its history.",
        fix: "git rm --cached it, add it to .gitignore, and replace every secret in it.",
        check: (j) => j.input.files
            .list()
            .filter((f) => /(^|\/)\.env(\.(prod|production|live|local))?$/.test(f))
            .filter((f) => holdsValues(j.input.files.read(f) ?? ""))
            .map((f) => ({ when: TRUE, everywhere: true, message: `${f} is tracked by git`, place: secrets_at(f) })),
    },
    {
        id: "djdeploy.database-tracked",
        level: "warning",
        title: "A database, a dump or a private key is tracked by git",
        why: "Data of people, or a key, is then in every copy of the repository.",
        fix: "git rm --cached it and add it to .gitignore.",
        check: (j) => j.input.files
            .list()
            .filter((f) => isData(f) || secrets_isKey(j, f))
            .filter((f) => !SAMPLES.test(f))
            .map((f) => ({ when: TRUE, everywhere: true, message: `${f} is tracked by git`, place: secrets_at(f) })),
    },
    {
        id: "djdeploy.token-in-settings",
        level: "error",
        title: "A provider's secret stands in the settings",
        why: "Everyone who can read the repository can use it.",
        fix: "Read it from the environment, and replace it at the provider.",
        check: (j) => j.evaluation.files.flatMap((file) => found(j, file, "the settings")),
    },
    {
        id: "djdeploy.token-in-repository",
        level: "warning",
        title: "A provider's secret stands in the repository",
        why: "Everyone who can read the repository, its history or a copy of it can use it.",
        fix: "Remove it, and replace it at the provider: what was pushed once is known.",
        partOf: "djdeploy.env-file-tracked",
        check: tokensElsewhere,
    },
    {
        id: "djdeploy.secret-literal",
        level: "warning",
        title: "A setting that is named like a secret is a text of the repository",
        why: "Everyone who can read the repository has it.",
        fix: "Read it from the environment.",
        check: (j) => [...j.evaluation.settings.keys()]
            .filter((name) => SECRET_NAME.test(name) && !secrets_JUDGED_ELSEWHERE.test(name) && !isStorageKey(name))
            .map((name) => {
            const v = setting(j, name);
            const telling = v.t === "str" && v.v.length >= 8 && !isPlaceholder(v.v) && !/[/.: ]/.test(v.v);
            return {
                when: telling && questions_isLiteral(j, v) ? TRUE : FALSE,
                setting: name,
                message: `${name} is written in the repository`,
            };
        }),
    },
    {
        id: "djdeploy.secret-in-workflow",
        level: "warning",
        title: "A workflow shows a secret, or puts it on a command line",
        why: "GitHub hides a secret's exact text only, and other users of a machine can read command lines.",
        fix: "Hand it over by env: of the step, and read the variable in the script.",
        docs: "https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions",
        check: inWorkflows,
    },
];
const SAMPLES = /(^|\/)(tests?|testing|fixtures?|examples?|samples?|docs?|seeds?|demo)\//;
const isData = (f) => /(^|\/)(db\.sqlite3|[^/]+\.(sqlite3|p12|pfx|jks|dump|sql\.(gz|bz2|xz|zst))|(dump|backup)[^/]*\.sql|id_(rsa|dsa|ecdsa|ed25519))$/.test(f);
/** A .pem or .key may hold a certificate, which is no secret. */
function secrets_isKey(j, f) {
    return /\.(pem|key)$/.test(f) && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(j.input.files.read(f) ?? "");
}
/** Values of a file for developers: a password that everybody knows keeps nothing secret. */
const FOR_DEVELOPERS = /^(?:postgres(?:ql)?|mysql|root|admin|django|user|test(?:ing)?|dev(?:elopment)?|debug|local(?:host)?|insecure|dummy|guest|(?:test|dev|debug|dummy|local|example)[-_ ][-\w ]*|true|false|null|\$\{.*)$|^(?:django-)?insecure|change[-_ ]?me|:\/\/[^/]*@?(?:localhost|127\.0\.0\.1|db|postgres|redis)\b/i;
const holdsValues = (text) => [
    ...text.matchAll(/^[ \t]*(?:export[ \t]+)?\w*(?:SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL)\w*[ \t]*=[ \t]*["']?([^\s"'#]{4,})/gim),
].some(([, value = ""]) => !isPlaceholder(value) && !FOR_DEVELOPERS.test(value));
function found(j, file, where) {
    const lines = j.evaluation.parsed.get(file)?.lines ?? j.input.files.read(file)?.split(/\r?\n/) ?? [];
    return lines.flatMap((line, i) => tokensIn(line).map(({ what, open }) => ({
        when: TRUE,
        everywhere: true,
        ...(open
            ? { level: "info", hint: "restrict it to your own pages at the provider, if pages hold it" }
            : /^\s*#/.test(line)
                ? { level: "warning", hint: "take it out, and replace it at the provider: it is in every copy" }
                : {}),
        message: `${what} stands in ${where}`,
        place: secrets_at(file, i + 1),
    })));
}
/** Configuration and scripts; code, data and documentation are too many, and full of examples. */
const WATCHED = /(^|\/)(\.env[\w.-]*|[^/]+\.(ya?ml|toml|ini|cfg|conf|sh|env|properties|service|tf|tfvars)|Dockerfile[\w.-]*|Procfile|Makefile|Jenkinsfile|\.npmrc|\.pypirc|\.netrc)$/;
const LARGEST = 100_000;
const secrets_MOST = 400;
function tokensElsewhere(j) {
    const files = j.input.files
        .list()
        .filter((f) => WATCHED.test(f) && !SAMPLES.test(f) && !/(^|\/)(node_modules|vendor|locale|static)\//.test(f))
        .slice(0, secrets_MOST);
    return files.flatMap((file) => {
        const text = j.input.files.read(file) ?? "";
        return text.length > LARGEST ? [] : found(j, file, file).slice(0, 3);
    });
}
/** `echo ${{ secrets.X }}` that goes to the log, and secrets as arguments of programs. */
function inWorkflows(j) {
    const shown = /^\s*(?:-\s+)?(?:run:\s*)?(?:echo|printf)\s[^|>]*\$\{\{\s*secrets\.\w+\s*\}\}[^|>]*$/;
    const argument = /\s--?(?:password|passwd|token|secret|api-?key|p)[= ]["']?\$\{\{\s*secrets\.\w+/;
    return j.input.files
        .list()
        .filter((f) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(f))
        .flatMap((file) => (j.input.files.read(file) ?? "").split(/\r?\n/).flatMap((line, i) => {
        if (/::add-mask::/.test(line) || !(shown.test(line) || argument.test(line)))
            return [];
        const what = shown.test(line) ? "prints a secret" : "puts a secret on a command line";
        return [{ when: TRUE, everywhere: true, message: `the workflow ${what}`, place: secrets_at(file, i + 1) }];
    }));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/scripts.js


/** Family W: files that Linux cannot run or read as they are. */
const scriptRules = [
    {
        id: "djdeploy.script-line-endings",
        level: "warning",
        title: "A script has Windows line endings",
        why: "Linux looks for an interpreter whose name ends in a carriage return, and does not find it. A deploy normalises what it ships, and says so.",
        fix: 'Add "*.sh text eol=lf" to .gitattributes and commit the file again.',
        check: (j) => files(j, SCRIPTS, (text) => /^#!.*\r\n|^[a-z]+:.*\r\n/.test(text), "has Windows line endings"),
    },
    {
        id: "djdeploy.unit-line-endings",
        level: "warning",
        title: "A file that other programs read has Windows line endings",
        why: "systemd, cron and env files take the carriage return for a part of each value.",
        fix: "Commit the file again with Unix line endings (text eol=lf in .gitattributes).",
        check: (j) => files(j, READ_BY_OTHERS, (text) => /\S\r\n/.test(text), "has Windows line endings"),
    },
    {
        id: "djdeploy.script-byte-order-mark",
        level: "warning",
        title: "A script begins with a byte order mark",
        why: "Linux does not see the #! behind it, and starts the script with the wrong interpreter or not at all.",
        fix: "Save the file as UTF-8 without a byte order mark.",
        check: (j) => files(j, SCRIPTS, (text) => text.startsWith("\uFEFF#!"), "begins with a byte order mark"),
    },
    {
        id: "djdeploy.scripts-unguarded",
        level: "info",
        title: "Nothing keeps scripts free of Windows line endings",
        why: "Some of the project's people are on Windows, where git may check scripts out with carriage returns and commit them so.",
        fix: 'Add a line "*.sh text eol=lf" to .gitattributes.',
        docs: "https://git-scm.com/docs/gitattributes#_eol",
        check: unguarded,
    },
];
const SCRIPTS = /\.sh$|(^|\/)(manage\.py|entrypoint|docker-entrypoint|Procfile|crontab)$/;
const READ_BY_OTHERS = /\.(service|socket|timer|env)$|(^|\/)(\.env[\w.-]*|cron(tab)?[\w.-]*)$/;
const scripts_LARGEST = 200_000;
function files(j, names, bad, what) {
    return j.input.files
        .list()
        .filter((f) => names.test(f))
        .filter((f) => {
        const text = j.input.files.read(f) ?? "";
        return text.length <= scripts_LARGEST && bad(text);
    })
        .map((f) => ({ when: TRUE, everywhere: true, message: `${f} ${what}`, place: secrets_at(f) }));
}
/** Scripts for Windows, or files that came from there, say that somebody works on it. */
const hasWindows = (j) => j.input.files.list().some((f) => /\.(bat|cmd|ps1)$/.test(f)) ||
    [...j.evaluation.parsed.keys()].some((f) => j.input.files.read(f)?.includes("\r\n"));
function unguarded(j) {
    const script = j.input.files.list().find((f) => f.endsWith(".sh"));
    const rules = j.input.files.read(".gitattributes") ?? "";
    // "* text=auto" alone leaves the ending to the machine.
    if (!script || !hasWindows(j) || /^(\*|\*\*|\*\.sh|[^\s#]*\.sh)\s.*\b(eol=lf|-text|binary)\b/m.test(rules))
        return [];
    return [
        {
            when: TRUE,
            everywhere: true,
            message: `no rule of .gitattributes keeps ${script} and other scripts at eol=lf`,
            place: secrets_at(script),
        },
    ];
}

;// CONCATENATED MODULE: ./build/src/lint/rules/secret-key.js








/** Django's own measure of a key (core/checks/security/base.py). */
function isWeakKey(key, prefixCounts) {
    return key.length < 50 || new Set(key).size < 5 || (prefixCounts && key.startsWith("django-insecure-"));
}
function weak(j, v) {
    return pure(j.m, [v], ([o]) => {
        if (o?.t === "str" || o?.t === "bytes")
            return bool(isWeakKey(o.v, since(j, 3, 2)));
        // Of a key made at start only the length is known.
        if (o?.t === "unknown")
            return o.length === undefined ? factAbout(j.m, o, "is a weak key") : bool(o.length < 50);
        return TRUE;
    });
}
/** What is wrong with the key, as far as it is known; the key itself is never shown. */
function weakness(key) {
    if (key.t === "none" || key.t === "missing")
        return "SECRET_KEY is missing";
    if (key.t !== "str")
        return "SECRET_KEY is missing or weak";
    if (key.v === "")
        return "SECRET_KEY is empty";
    if (key.v.startsWith("django-insecure-"))
        return "SECRET_KEY is the one that startproject made (django-insecure-…)";
    return key.v.length < 50
        ? `SECRET_KEY is ${key.v.length} characters long, fewer than 50`
        : "SECRET_KEY has fewer than 5 different characters";
}
const secret_key_isLiteral = (o) => (o.t === "str" || o.t === "bytes") && o.v !== "";
/** Family K: SECRET_KEY. */
const secretKeyRules = [
    {
        id: "security.W009",
        level: "error",
        title: "SECRET_KEY is missing or weak",
        why: "Whoever knows or guesses the key can forge sessions, password reset links and signed data.",
        fix: 'Read it from the environment without a default: SECRET_KEY = os.environ["SECRET_KEY"], with at least 50 random characters.',
        docs: "ref/settings/#secret-key",
        check: (j) => [
            {
                when: weak(j, setting(j, "SECRET_KEY")),
                setting: "SECRET_KEY",
                message: weakness(setting(j, "SECRET_KEY")),
                hint: "give it 50 or more random characters through the environment",
                shape: "is empty or shorter than 50 characters",
            },
        ],
    },
    {
        id: "djdeploy.secret-key-published",
        level: "error",
        title: "SECRET_KEY stands in the repository",
        why: "Everyone who can read the repository, its history or a copy of it can forge sessions and signed data.",
        fix: 'Read it from the environment without a default: SECRET_KEY = os.environ["SECRET_KEY"], and make a new one.',
        docs: "topics/security/",
        partOf: "security.W009",
        check: (j) => {
            const key = setting(j, "SECRET_KEY");
            // A constant in some worlds only is the fallback of a variable: see secret-key-fallback.
            if (key.t === "choice")
                return [];
            return [
                {
                    when: secret_key_isLiteral(key) && !questions_given(j, key) ? bool(true) : FALSE,
                    setting: "SECRET_KEY",
                    message: "SECRET_KEY is written in the repository",
                    hint: 'read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"]',
                },
            ];
        },
    },
    {
        id: "djdeploy.secret-key-fallback",
        level: "error",
        title: "SECRET_KEY falls back to a text of the repository",
        why: "If the variable is ever missing, the site runs with a key that everyone can read, and nobody notices.",
        fix: 'Read it without a default: SECRET_KEY = os.environ["SECRET_KEY"].',
        docs: "ref/settings/#secret-key",
        check: (j) => {
            const key = setting(j, "SECRET_KEY");
            const fallback = key.t === "choice" ? whileUnset(j.evaluation, key) : null;
            if (fallback?.t !== "str" || fallback.v === "")
                return [];
            return [
                {
                    when: toCondition(key, (o) => o.t === "str" && o.v === fallback.v),
                    setting: "SECRET_KEY",
                    message: "SECRET_KEY falls back to a text that stands in the repository",
                    hint: 'read it without a default: SECRET_KEY = os.environ["SECRET_KEY"]',
                },
            ];
        },
    },
    rule({
        id: "djdeploy.secret-key-generated",
        level: "error",
        title: "SECRET_KEY is made anew at every start",
        why: "Each worker and each restart has another key: sessions, reset links and signed data die with it.",
        fix: 'Read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"].',
        docs: "ref/settings/#secret-key",
        setting: "SECRET_KEY",
        message: "SECRET_KEY is generated while the settings load, so every worker has another one",
        hint: 'read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"]',
        when: (j) => secret_key_generated(setting(j, "SECRET_KEY")),
    }),
    {
        id: "security.W025",
        level: "warning",
        title: "A fallback of SECRET_KEY is weak",
        why: "Data signed with a fallback key is accepted, so a weak one is as bad as a weak SECRET_KEY.",
        fix: "Remove the weak entry from SECRET_KEY_FALLBACKS.",
        docs: "ref/settings/#secret-key-fallbacks",
        from: [4, 1],
        check: (j) => judge_elements(j, setting(j, "SECRET_KEY_FALLBACKS"))
            .filter(({ item }) => item.t === "str")
            .map(({ item, when }) => ({
            when: item.t === "str" && isWeakKey(item.v, true) ? when : FALSE,
            setting: "SECRET_KEY_FALLBACKS",
            message: "an entry of SECRET_KEY_FALLBACKS is weak",
        })),
    },
];
const secret_key_generated = (v) => toCondition(v, (o) => o.t === "unknown" && o.generated === true);

;// CONCATENATED MODULE: ./build/src/lint/rules/settings.js




/** Families F and E: settings that do not load, and variables that they need. */
const settingsRules = [
    {
        id: "djdeploy.settings-not-found",
        level: "error",
        title: "The settings module is not in the repository",
        why: "Django cannot start with settings that it does not find.",
        fix: "Name the right module in djdeploy.yml under django.settings, or with --settings.",
        check: (j) => j.evaluation.file === null
            ? [
                {
                    when: TRUE,
                    everywhere: true,
                    message: `the settings module ${j.input.settingsModule} is not in the repository`,
                    hint: "name the module in djdeploy.yml: django: {settings: …}",
                },
            ]
            : [],
    },
    {
        id: "djdeploy.settings-syntax",
        level: "error",
        title: "A settings file is no valid Python",
        why: "Django cannot start.",
        fix: "Correct the line; what could be read of the rest is judged all the same.",
        check: (j) => j.evaluation.problems.map((p) => ({
            when: TRUE,
            everywhere: true,
            message: `not valid Python: ${p.message}${looksOld(j, p) ? " (this looks like Python 2)" : ""}`,
            place: { t: "place", file: p.file, line: p.line, column: p.column },
        })),
    },
    {
        id: "djdeploy.settings-encoding",
        level: "error",
        title: "A settings file is in an encoding that Python does not expect",
        why: "Django cannot start: without a coding line Python reads UTF-8.",
        fix: "Save the file as UTF-8, or say its encoding in the first line: # -*- coding: latin-1 -*-.",
        docs: "https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations",
        check: notUtf8,
    },
    {
        id: "djdeploy.settings-fail",
        level: "error",
        title: "The settings do not load",
        why: "Django cannot start.",
        fix: "Correct what raises the exception.",
        check: (j) => (possible(j.evaluation.alive) ? [] : fatal(j)),
    },
    {
        id: "djdeploy.settings-need-variable",
        level: "error",
        title: "The settings do not load without a variable",
        why: "Django cannot start while it is not set, or set to a value that cannot be read.",
        fix: "Name it in djdeploy.yml under env.secrets or env.vars, and give it a value.",
        check: (j) => (possible(j.evaluation.alive) ? conditional(j) : []),
    },
];
/** `print "text"`, `except Error, name:`, `exec code`, a number such as 0755. */
function looksOld(j, { file, line }) {
    const text = j.evaluation.parsed.get(file)?.lines[line - 1] ?? "";
    return /^\s*(print|exec)\s+["'\w]|^\s*except\s+[\w.]+\s*,\s*\w+\s*:|\b0[0-7]{2,}\b/.test(text);
}
/** Python reads UTF-8 unless a coding line says otherwise; what is not is read with replacement characters here. */
function notUtf8(j) {
    return j.evaluation.files.flatMap((file) => {
        const lines = j.evaluation.parsed.get(file)?.lines ?? [];
        if (lines.slice(0, 2).some((line) => /^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+/.test(line)))
            return [];
        const at = lines.findIndex((line) => line.includes("\uFFFD"));
        if (at < 0)
            return [];
        return [
            {
                when: TRUE,
                everywhere: true,
                message: `${file} is not UTF-8 and has no coding line: Python does not read it`,
                place: { t: "place", file, line: at + 1, column: 1 },
                unsure: "the line may hold a replacement character on purpose",
            },
        ];
    });
}
/** Files that only the host has may be what is missing; then nothing is certain. */
function fatal(j) {
    // What ended the last worlds that were left; the earlier ones needed a variable.
    const first = j.evaluation.deaths.at(-1);
    if (!first)
        return [];
    return [
        {
            when: not(j.evaluation.alive),
            everywhere: true,
            message: `the settings do not load: ${errorText(j, first)}`,
            place: first.place,
            ...settings_doubt(j, first),
        },
    ];
}
function settings_doubt(j, death) {
    if (!death.plain)
        return { unsure: "seen by reading the project, not by running it" };
    const file = j.evaluation.notes
        .find(({ kind }) => kind === "absent-file")
        ?.what.split("/")
        .at(-1);
    return file ? { unsure: `${file} is not in git, and may be on the host` } : {};
}
function conditional(j) {
    const seen = new Set();
    const checks = [];
    for (const death of j.evaluation.deaths) {
        const names = [...support(death.when)].flatMap((at) => {
            const v = j.evaluation.variables[at];
            return v?.kind === "env" ? [v.name] : [];
        });
        const key = `${names.join(",")} ${death.place.file}:${death.place.line}`;
        if (names.length === 0 || seen.has(key))
            continue;
        seen.add(key);
        const unset = required(j, death.when);
        checks.push({
            when: death.when,
            everywhere: true,
            whole: true,
            // That a number cannot be read from junk is how it should be.
            ...(unset ? {} : { level: "info" }),
            message: `the settings do not load ${unset ? `while ${names.join(" and ")} is not set` : `for some values of ${names.join(" and ")}`}: ${errorText(j, death)}`,
            hint: `give ${names.join(" and ")} a value under env.secrets or env.vars`,
            place: death.place,
        });
    }
    return checks;
}
/** Is it the unset variable that raises? */
function required(j, when) {
    const edge = when.t === "choice" ? unsetEdge(j.evaluation, when) : undefined;
    return edge !== undefined && possible(edge.to);
}
function errorText(j, death) {
    const text = death.error.message ? toText(j.m, death.error.message) : null;
    // What an exception says of a text that was only tried is nobody's.
    const told = text?.t === "str" && text.v !== "" && isOwn(j.evaluation, death.when);
    return `${death.error.cls.name}${told ? `: ${text.v.split("\n")[0]}` : ""}`;
}

;// CONCATENATED MODULE: ./build/src/lint/rules/settings-code.js



/** Family F, how the settings are written. */
const settingsCodeRules = [
    {
        id: "djdeploy.python-too-new",
        level: "error",
        title: "The settings need a newer Python",
        why: "The Python that the project names does not know this syntax: the settings do not load.",
        fix: "Write it another way, or raise the version of Python.",
        check: tooNew,
    },
    {
        id: "djdeploy.settings-import-development",
        level: "warning",
        title: "The production settings load the development settings",
        why: "Whatever development turns on is on here too, unless it is turned off again.",
        fix: "Put what both share into a base module, and import that.",
        docs: "topics/settings/",
        check: importsDevelopment,
    },
    {
        id: "djdeploy.settings-shadowed",
        level: "warning",
        title: "A settings file is shadowed by a folder of the same name",
        why: "Python takes the folder; what stands in the file is never read.",
        fix: "Remove the file, or move what it says into the folder.",
        check: shadowed,
    },
    {
        id: "djdeploy.settings-forced",
        level: "error",
        title: "The application sets its own settings module",
        why: "It assigns DJANGO_SETTINGS_MODULE, so the server runs with other settings than those that were judged.",
        fix: 'Use os.environ.setdefault("DJANGO_SETTINGS_MODULE", …), which leaves a deploy its choice.',
        docs: "howto/deployment/wsgi/",
        check: forced,
    },
    {
        id: "djdeploy.setting-is-tuple",
        level: "warning",
        title: "A comma turned a setting into a tuple",
        why: "A value with a comma after it is a tuple of one: it counts as on, and as no number.",
        fix: "Remove the comma at the end of the line.",
        docs: "ref/settings/",
        check: (j) => [...j.evaluation.settings.keys()].flatMap((name) => tupleOfOne(j, name)),
    },
    {
        id: "djdeploy.setting-not-upper-case",
        level: "warning",
        title: "A setting that is not in capitals",
        why: "Django reads only names in capitals; this one has no effect.",
        fix: "Write the name in capitals.",
        docs: "topics/settings/#creating-your-own-settings",
        check: notUpperCase,
    },
    {
        id: "djdeploy.setting-twice",
        level: "info",
        title: "A setting is given twice",
        why: "The first line has no effect, and whoever changes it wonders.",
        fix: "Remove one of the lines.",
        check: assignedTwice,
    },
    {
        id: "djdeploy.settings-call-outside",
        level: "info",
        title: "The settings ask another program or host while they load",
        why: "Every command and every worker waits for it, and none starts while it does not answer.",
        fix: "Give the value through the environment.",
        check: (j) => callsOf(j, OUTSIDE).map((call) => ({
            when: call.always ? TRUE : reached(j, call),
            message: `${call.name}() is called while the settings load`,
            place: placeOfCode(call),
        })),
    },
];
const OUTSIDE = /^(requests\.(get|post|put|request)|urllib\.request\.urlopen|urlopen|httpx\.(get|post)|subprocess\.(run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|os\.(system|popen)|socket\.create_connection)$|\.(get_secret_value|access_secret_version|get_parameters?_by_path|read_secret_version)$/;
/** Syntax by the first version of Python that has it. */
const SYNTAX = {
    Match: [10, "match"],
    TryStar: [11, "except*"],
    TypeAlias: [12, "type"],
    TemplateStr: [14, "a template string"],
    NamedExpr: [8, ":="],
};
function tooNew(j) {
    const minor = exactMinor(j.input.pythonVersion ?? "");
    if (minor === null)
        return [];
    return codeOf(j).flatMap((code) => {
        const [from, what] = SYNTAX[code.node.nodeType] ?? [0, ""];
        if (from <= minor)
            return [];
        return [
            {
                when: TRUE,
                everywhere: true,
                message: `${what} needs Python 3.${from}, and the project names Python 3.${minor}`,
                place: placeOfCode(code),
            },
        ];
    });
}
/** The one version that a specifier allows: of a range it is not known which is installed. */
function exactMinor(specifier) {
    const found = /^(?:==|~=)\s*3\.(\d+)(?:\.(?:\*|\d+))?$/.exec(specifier.trim());
    return found ? Number(found[1]) : null;
}
const DEVELOPMENT = /(^|[/_.])(dev|devel|develop|development|debug)(_settings)?\.py$/;
function importsDevelopment(j) {
    if (DEVELOPMENT.test(j.evaluation.file ?? ""))
        return [];
    const loaded = j.evaluation.files.find((f) => DEVELOPMENT.test(f) && isSettings(j, f));
    if (!loaded)
        return [];
    const name = (loaded.split("/").at(-1) ?? "").replace(/\.py$/, "");
    const from = codeOf(j).find(({ file, node }) => file !== loaded && /^Import/.test(node.nodeType) && JSON.stringify(node).includes(`${name}"`));
    // Imported under a condition it may be left out: then nothing is certain.
    if (!from)
        return [];
    return [
        {
            when: from.always ? TRUE : FALSE,
            message: `the production settings load ${loaded}`,
            place: placeOfCode(from),
        },
    ];
}
/** Beside the settings module, or in a folder of settings. */
function isSettings(j, file) {
    const own = j.evaluation.file ?? "";
    return file.slice(0, file.lastIndexOf("/")) === own.slice(0, own.lastIndexOf("/"));
}
function shadowed(j) {
    const file = j.evaluation.file ?? "";
    const folder = file.endsWith("/__init__.py")
        ? file.slice(0, -"/__init__.py".length)
        : file.slice(0, file.lastIndexOf("/"));
    const other = `${folder}.py`;
    if (!/settings|config|conf/.test(folder) || j.input.files.read(other) === null)
        return [];
    return [
        {
            when: TRUE,
            message: `${other} is never read: the folder ${folder}/ has its name`,
            place: { t: "place", file: other, line: 1, column: 1 },
        },
    ];
}
/** `os.environ["DJANGO_SETTINGS_MODULE"] = "…"` in wsgi.py or asgi.py. */
function forced(j) {
    const assigns = /^os\.environ\[(["'])DJANGO_SETTINGS_MODULE\1\]\s*=\s*(["'])([\w.]+)\2/m;
    return j.input.files
        .list()
        .filter((f) => /(^|\/)[aw]sgi\.py$/.test(f) && belowRoot(j, f))
        .flatMap((file) => {
        const text = j.input.files.read(file) ?? "";
        const found = assigns.exec(text);
        if (!found || found[3] === j.input.settingsModule)
            return [];
        // Where both are there, a deploy serves wsgi.py.
        const aside = file.endsWith("asgi.py") && j.input.files.read(file.replace(/asgi\.py$/, "wsgi.py")) !== null;
        const place = {
            t: "place",
            file,
            line: text.slice(0, found.index).split("\n").length,
            column: 1,
        };
        return [
            {
                when: TRUE,
                everywhere: true,
                level: aside ? "warning" : "error",
                message: `${file} sets DJANGO_SETTINGS_MODULE to ${found[3]}, whatever a deploy says`,
                place,
            },
        ];
    });
}
function belowRoot(j, file) {
    const root = (j.input.root ?? ".").replace(/^\.\/?/, "").replace(/\/$/, "");
    const rest = root ? (file.startsWith(`${root}/`) ? file.slice(root.length + 1) : null) : file;
    return rest !== null && rest.split("/").length <= 2;
}
function tupleOfOne(j, name) {
    const standard = j.evaluation.defaults.get(name);
    const v = setting(j, name);
    if (!standard || !/^(bool|num|str)$/.test(standard.t))
        return [];
    const is = (o) => o.t === "tuple" && o.items.length === 1 && /^(bool|num|str)$/.test(o.items[0]?.t ?? "");
    if (!is(v))
        return [];
    return [{ when: TRUE, setting: name, message: `${name} is a tuple: there is a comma after its value` }];
}
function notUpperCase(j) {
    const scope = j.evaluation.machine.modules.get(j.input.settingsModule)?.module.scope;
    const checks = [];
    for (const [name, value] of scope?.slots ?? []) {
        const upper = name.toUpperCase();
        if (name === upper || !j.evaluation.defaults.has(upper) || j.evaluation.open)
            continue;
        if (/^(module|func|class|native|missing|choice|unknown)$/.test(value.t))
            continue;
        // Used by another line, it is a name of the project's own.
        if (isReadAgain(j, name))
            continue;
        const places = scope?.places?.get(name);
        checks.push({
            when: not(isSet(j, upper)),
            message: `${name} has no effect: Django reads ${upper}`,
            ...(places?.t === "place" ? { place: places } : {}),
        });
    }
    return checks;
}
/** Two plain assignments to a setting at the margin of one file, and nothing between them that reads it. */
function assignedTwice(j) {
    const checks = [];
    for (const file of j.evaluation.files) {
        const last = new Map();
        for (const statement of j.evaluation.parsed.get(file)?.body ?? []) {
            const target = statement.nodeType === "Assign" && statement.targets.length === 1 ? statement.targets[0] : undefined;
            const name = target?.nodeType === "Name" && /^[A-Z][A-Z0-9_]+$/.test(target.id) ? target.id : null;
            // Imports, calls and functions may read any name.
            if (/^(Import|ImportFrom|With|Expr|FunctionDef|ClassDef)$/.test(statement.nodeType))
                last.clear();
            else
                for (const read of namesIn(name === null ? statement : statement.value))
                    last.delete(read);
            if (name === null)
                continue;
            const before = last.get(name);
            if (before !== undefined)
                checks.push({
                    when: TRUE,
                    message: `${name} is given here again: what line ${before} says has no effect`,
                    place: { t: "place", file, line: statement.lineno, column: statement.col_offset + 1 },
                });
            last.set(name, statement.lineno);
        }
    }
    return checks;
}

;// CONCATENATED MODULE: ./build/src/lint/rules/silenced.js




/** Family Q: what Django is told to keep quiet about. */
const silencedRules = [
    {
        id: "djdeploy.deploy-check-silenced",
        level: "warning",
        title: "SILENCED_SYSTEM_CHECKS hides a security check",
        why: "Nobody is told any more, here or by manage.py check --deploy.",
        fix: "Remove the id, or ignore it in djdeploy.yml with a reason.",
        docs: settingDocs("SILENCED_SYSTEM_CHECKS"),
        check: (j) => judge_elements(j, setting(j, "SILENCED_SYSTEM_CHECKS")).map(({ item, when }) => ({
            when: item.t === "str" && /^security\./.test(item.v) ? when : FALSE,
            setting: "SILENCED_SYSTEM_CHECKS",
            level: item.t === "str" && /W009|W018|W020/.test(item.v) ? "warning" : "info",
            message: `SILENCED_SYSTEM_CHECKS hides ${item.t === "str" ? item.v : ""}`,
        })),
    },
    {
        id: "djdeploy.silenced-in-production-only",
        level: "info",
        title: "Checks are silenced in production only",
        why: "Development still shows them, so nobody notices what production hides.",
        fix: "Silence them for all settings, or correct what they say.",
        docs: settingDocs("SILENCED_SYSTEM_CHECKS"),
        check: (j) => {
            const place = placeOf(j.evaluation, "SILENCED_SYSTEM_CHECKS", TRUE);
            const items = judge_elements(j, setting(j, "SILENCED_SYSTEM_CHECKS"));
            const first = items.find(({ item }) => item.t === "str");
            if (!place || !first || place.file !== j.evaluation.file || !hasBase(j))
                return [];
            return [
                {
                    when: first.when,
                    setting: "SILENCED_SYSTEM_CHECKS",
                    message: "SILENCED_SYSTEM_CHECKS is set in the production settings only",
                },
            ];
        },
    },
    {
        id: "djdeploy.silenced-not-raised",
        level: "info",
        title: "A silenced check would not be raised",
        why: "The id hides nothing: what it was for is mended, or this Django has no such check.",
        fix: "Remove the id from SILENCED_SYSTEM_CHECKS, so that it is told again when it matters.",
        docs: settingDocs("SILENCED_SYSTEM_CHECKS"),
        // Found out last, by suppress.ts: only then is it known what was raised.
        check: () => [],
    },
];
/** Settings that others build on were loaded too. */
function hasBase(j) {
    return j.evaluation.files.some((f) => f !== j.evaluation.file && /(^|\/)(base|common|settings|defaults?)(\/__init__)?\.py$/.test(f));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/static.js





const WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware";
const staticfiles = (j) => hasApp(j, "django.contrib.staticfiles");
/** The condition that a URL setting is given and does not end in a slash. */
function noSlash(j, name) {
    return holds(j, setting(j, name), (o) => o.t === "str" && o.v !== "" && !o.v.endsWith("/"), "ends in no slash");
}
/** Family S: which storage serves static files. */
const staticRules = [
    rule({
        id: "djdeploy.static-root-unset",
        level: "warning",
        setting: "STATIC_ROOT",
        title: "STATIC_ROOT is not set",
        why: "collectstatic has no folder to put the files into; a deploy then overrides it and says so.",
        fix: 'Set STATIC_ROOT = BASE_DIR / "staticfiles".',
        when: (j) => and(staticfiles(j), not(isTruthy(j, "STATIC_ROOT"))),
    }),
    {
        id: "urls.E006",
        level: "error",
        title: "STATIC_URL or MEDIA_URL does not end in a slash",
        why: "Django refuses it: addresses of files are joined to it.",
        fix: "End it with a slash.",
        docs: "ref/settings/#static-url",
        check: (j) => ["STATIC_URL", "MEDIA_URL"].map((name) => ({
            when: noSlash(j, name),
            setting: name,
            message: `${name} does not end in a slash`,
        })),
    },
    {
        id: "djdeploy.storage-setting-ignored",
        level: "error",
        from: [5, 1],
        title: "A storage setting that Django no longer reads",
        why: "From 5.1 on STATICFILES_STORAGE and DEFAULT_FILE_STORAGE are silently ignored: hashed static files and cloud media turn into plain local files.",
        fix: 'Move them into STORAGES = {"default": {"BACKEND": …}, "staticfiles": {"BACKEND": …}}.',
        docs: "ref/settings/#storages",
        check: (j) => ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"].map((name) => ({
            when: isSet(j, name),
            setting: name,
            // Without hashed names a site works; uploads that go to a disk in the place of a bucket are lost.
            ...(name === "STATICFILES_STORAGE" || (possible(isSet(j, name)) && storesNothing(j))
                ? { level: "warning" }
                : {}),
            message: `${name} is ignored by Django 5.1 and later`,
        })),
    },
    {
        id: "djdeploy.storage-settings-clash",
        level: "error",
        from: [4, 2],
        to: [5, 1],
        title: "STORAGES together with the setting it replaces",
        why: "Django refuses to start with both.",
        fix: "Remove STATICFILES_STORAGE and DEFAULT_FILE_STORAGE.",
        docs: "ref/settings/#storages",
        check: (j) => ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"].map((name) => ({
            when: and(isSet(j, "STORAGES"), isSet(j, name)),
            setting: name,
            message: `STORAGES and ${name} are both set: Django does not start`,
        })),
    },
    rule({
        id: "staticfiles.E005",
        level: "error",
        from: [5, 0],
        setting: "STORAGES",
        title: 'STORAGES has no "staticfiles"',
        why: "Static files cannot be found or collected.",
        fix: 'Add "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}.',
        when: (j) => and(and(staticfiles(j), isSet(j, "STORAGES")), isMissing(j, judge_within(j, setting(j, "STORAGES"), "staticfiles"))),
    }),
    rule({
        id: "djdeploy.storages-default",
        level: "warning",
        setting: "STORAGES",
        title: 'STORAGES has no "default"',
        why: "Uploads and file fields fail.",
        fix: 'Add "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}.',
        when: (j) => and(isSet(j, "STORAGES"), isMissing(j, judge_within(j, setting(j, "STORAGES"), "default"))),
    }),
    rule({
        id: "djdeploy.whitenoise-not-used",
        level: "warning",
        setting: "MIDDLEWARE",
        title: "WhiteNoise is among the apps but not in MIDDLEWARE",
        why: "Without its middleware it serves nothing in production.",
        fix: `Put "${WHITENOISE}" directly after SecurityMiddleware.`,
        docs: "howto/static-files/deployment/",
        when: (j) => and(hasApp(j, "whitenoise.runserver_nostatic"), not(hasMiddleware(j, WHITENOISE))),
    }),
    ...["WHITENOISE_USE_FINDERS", "WHITENOISE_AUTOREFRESH"].map((name) => rule({
        id: `djdeploy.${name.toLowerCase().replace(/_/g, "-")}`,
        level: "warning",
        setting: name,
        title: `${name} is on`,
        why: "It is meant for development: slow, and it serves files that were never collected.",
        fix: `Remove ${name}.`,
        docs: "https://whitenoise.readthedocs.io/en/stable/django.html",
        when: (j) => and(isSet(j, name), isTruthy(j, name)),
    })),
    {
        id: "staticfiles.E002",
        level: "error",
        title: "STATICFILES_DIRS holds STATIC_ROOT",
        why: "Files would be collected into the folder they are collected from.",
        fix: "Remove STATIC_ROOT from STATICFILES_DIRS.",
        docs: "ref/settings/#staticfiles-dirs",
        check: (j) => judge_elements(j, setting(j, "STATICFILES_DIRS")).map(({ item, when }) => ({
            when: and(when, and(isTruthy(j, "STATIC_ROOT"), equal(j.m, textOfPath(item), textOfPath(setting(j, "STATIC_ROOT"))))),
            setting: "STATICFILES_DIRS",
            message: "STATICFILES_DIRS holds STATIC_ROOT",
        })),
    },
];
/** Paths and texts of paths are compared as texts. */
function textOfPath(v) {
    return v.t === "path" ? { t: "str", v: v.v } : v;
}
/** Applications that store files without a field in the project's own models. */
const STORING = /wagtail|filer|(^|\.)cms|oscar|photologue|ckeditor|summernote|tinymce|avatar|thumbnail|imagekit|attachments/i;
/** The project's own models have no field for a file, and it names no storage: there are no uploads that could be lost. */
function storesNothing(j) {
    const code = j.input.files.list().filter((path) => path.endsWith(".py"));
    if (!code.some((path) => /(^|\/)models(\.py|\/[^/]+\.py)$/.test(path)))
        return false;
    const apps = judge_elements(j, setting(j, "INSTALLED_APPS"));
    if (apps.some(({ item }) => item.t !== "str" || STORING.test(item.v)))
        return false;
    return !code.some((path) => /(File|Image)Field\b|default_storage|storages\[/.test(j.input.files.read(path) ?? ""));
}

;// CONCATENATED MODULE: ./build/src/lint/rules/static-files.js





const static_files_staticfiles = (j) => hasApp(j, "django.contrib.staticfiles");
const root = (j) => setting(j, "STATIC_ROOT");
/** Family S, the files themselves: where they are collected, whether they are there. */
const staticFileRules = [
    rule({
        id: "djdeploy.static-root-relative",
        level: "warning",
        setting: "STATIC_ROOT",
        title: "STATIC_ROOT is relative",
        why: "Where the files go depends on the folder that collectstatic was started from.",
        fix: 'Make it absolute: STATIC_ROOT = BASE_DIR / "staticfiles".',
        when: (j) => and(static_files_staticfiles(j), textHolds(j, root(j), (p) => p !== "" && !p.startsWith("/"), "is relative")),
    }),
    {
        id: "djdeploy.static-collected-tracked",
        level: "info",
        title: "Collected static files are tracked by git",
        why: "A deploy collects them anew; the tracked copies grow old, and every collectstatic changes the work tree.",
        fix: "git rm -r --cached the folder and add it to .gitignore.",
        docs: settingDocs("STATIC_ROOT"),
        check: collected,
    },
    {
        id: "staticfiles.E001",
        level: "error",
        title: "STATICFILES_DIRS is no list",
        why: "Django refuses it: no static file is found.",
        fix: "Make it a list or a tuple; a tuple of one needs its comma.",
        docs: settingDocs("STATICFILES_DIRS"),
        check: (j) => [
            {
                when: and(static_files_staticfiles(j), holds(j, setting(j, "STATICFILES_DIRS"), (o) => o.t !== "list" && o.t !== "tuple", "is no list")),
                setting: "STATICFILES_DIRS",
                message: "STATICFILES_DIRS is no list or tuple",
            },
        ],
    },
    {
        id: "staticfiles.W004",
        level: "warning",
        from: [4, 0],
        title: "A folder of STATICFILES_DIRS is not there",
        why: "Its files are not collected; git does not keep empty folders.",
        fix: "Add the folder with its files, or remove the entry.",
        docs: settingDocs("STATICFILES_DIRS"),
        check: static_files_absent,
    },
    {
        id: "djdeploy.static-not-hashed",
        level: "info",
        title: "Static files are cached for long without a hash in their names",
        why: "After a release, browsers and the CDN go on with the old files.",
        fix: "Use ManifestStaticFilesStorage or WhiteNoise's CompressedManifestStaticFilesStorage.",
        docs: "ref/contrib/staticfiles/#manifeststaticfilesstorage",
        check: (j) => [
            {
                when: and(and(static_files_staticfiles(j), plainStorage(j)), or(longCached(j), onOtherHost(j))),
                setting: "STATIC_URL",
                message: "static files are kept by browsers or a CDN, but their names do not change with their content",
            },
        ],
    },
];
/** Files below STATIC_ROOT that git knows, where it is no source folder. */
function collected(j) {
    const own = root(j);
    const folder = own.t === "str" || own.t === "path" ? belowTop(own.v) : null;
    if (!folder)
        return [];
    const sources = judge_elements(j, setting(j, "STATICFILES_DIRS")).flatMap(({ item }) => item.t === "str" || item.t === "path" ? (belowTop(item.v) ?? []) : []);
    // What stands in a source folder too is no copy.
    if (sources.some((s) => isInside(folder, s) || isInside(s, folder)))
        return [];
    const tracked = j.input.files.list().find((f) => f.startsWith(`${folder}/admin/`) && /\.(css|js)$/.test(f));
    return tracked
        ? [
            {
                when: TRUE,
                setting: "STATIC_ROOT",
                message: `${folder}/ is STATIC_ROOT, and git tracks what was collected there`,
            },
        ]
        : [];
}
/** Folders in the repository that no tracked file is in; what a build makes is not known. */
function static_files_absent(j) {
    if (j.input.deployment?.built)
        return [];
    const files = j.input.files.list();
    return judge_elements(j, setting(j, "STATICFILES_DIRS")).flatMap(({ item, when }) => {
        const path = item.t === "str" || item.t === "path" ? belowTop(item.v) : null;
        if (!path || files.some((f) => isInside(f, path)))
            return [];
        const made = /(^|\/)(node_modules|dist|build|out|bundles?|\.?webpack[^/]*|compiled|public)(\/|$)/.test(path);
        return [
            {
                when: and(when, static_files_staticfiles(j)),
                setting: "STATICFILES_DIRS",
                message: `the folder ${path}/ of STATICFILES_DIRS is not in the repository`,
                ...(made ? { unsure: "a build may make it" } : {}),
            },
        ];
    });
}
function plainStorage(j) {
    const plain = (v) => textHolds(j, v, (b) => b === "django.contrib.staticfiles.storage.StaticFilesStorage", "is plain");
    const named = judge_within(j, setting(j, "STORAGES"), "staticfiles", "BACKEND");
    const byStorages = since(j, 4, 2)
        ? and(isSet(j, "STORAGES"), or(isMissing(j, named), plain(named)))
        : FALSE;
    const old = since(j, 5, 1)
        ? FALSE
        : and(isSet(j, "STATICFILES_STORAGE"), not(plain(setting(j, "STATICFILES_STORAGE"))));
    return or(byStorages, and(not(isSet(j, "STORAGES")), not(old)));
}
/** WhiteNoise is told to let browsers keep files for more than a day. */
function longCached(j) {
    const age = holds(j, setting(j, "WHITENOISE_MAX_AGE"), (o) => o.t === "num" && o.v > 86_400, "is long");
    return and(hasMiddleware(j, "whitenoise.middleware.WhiteNoiseMiddleware"), age);
}
const onOtherHost = (j) => textHolds(j, setting(j, "STATIC_URL"), (u) => /^(https?:)?\/\//.test(u), "is on another host");

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/src/lint/gettext.js
/**
 * The two files of a translation, as far as it takes to see that one was made from the other.
 * https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and MO-Files.html
 */
const KEYWORD = /^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*(?=")/;
const gettext_ESCAPES = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
/** Whether a `.po` has anything that would be compiled; true also where it is not understood. */
function translates(po) {
    return gettext_entriesOf(po)?.some((entry) => gettext_idOf(entry) !== "" && isCompiled(entry)) ?? true;
}
/** msgfmt compiles neither what is marked as a guess nor what has no text yet. */
const isCompiled = (entry) => !entry.fuzzy && textsOf(entry)[0] !== "" && textsOf(entry).length > 0;
const textsOf = ({ texts }) => [...texts].filter(([key]) => key.startsWith("msgstr")).map(([, one]) => one);
/** The translated messages of a `.po`; null where it is not in UTF-8 or holds a line that is not understood. */
function readPo(text) {
    const found = new Map();
    for (const entry of gettext_entriesOf(text) ?? [null]) {
        if (entry === null)
            return null;
        const id = gettext_idOf(entry);
        const texts = textsOf(entry);
        if (id === "" && /charset=(?!utf-?8)/i.test(texts.join("")))
            return null;
        if (id !== "" && isCompiled(entry))
            found.set(id, texts.join("\0"));
    }
    return found;
}
function gettext_idOf({ texts }) {
    const [context, plural] = [texts.get("msgctxt"), texts.get("msgid_plural")];
    const id = texts.get("msgid") ?? "";
    return `${context === undefined ? "" : `${context}\x04`}${id}${plural === undefined ? "" : `\0${plural}`}`;
}
function gettext_entriesOf(text) {
    const entries = [];
    let now = { fuzzy: false, texts: new Map() };
    let key = "";
    for (const line of text.split(/\r\n|\r|\n/).map((one) => one.trim())) {
        const keyword = KEYWORD.exec(line)?.[1];
        const begins = line.startsWith("#") || keyword === "msgctxt" || keyword === "msgid";
        if (begins && now.texts.has("msgid") && key.startsWith("msgstr")) {
            entries.push(now);
            now = { fuzzy: false, texts: new Map() };
        }
        if (line === "")
            continue;
        if (line.startsWith("#")) {
            now.fuzzy ||= /^#,.*\bfuzzy\b/.test(line);
            continue;
        }
        key = keyword ?? key;
        const part = unquoted(line.replace(KEYWORD, ""));
        if (part === null || key === "")
            return null;
        now.texts.set(key, (now.texts.get(key) ?? "") + part);
    }
    return now.texts.has("msgid") ? [...entries, now] : entries;
}
/** A text between quotes; null for one that is none, or that has an escape by number. */
function unquoted(text) {
    const inner = /^"((?:[^"\\]|\\[^0-9x])*)"$/.exec(text)?.[1];
    return inner?.replace(/\\(.)/g, (_, one) => gettext_ESCAPES[one] ?? one) ?? null;
}
const MAGIC = 0x950412de;
/** The messages of a `.mo`; null for bytes that are none. */
function readMo(bytes) {
    if (bytes.byteLength < 28)
        return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = view.getUint32(0, true) === MAGIC;
    if (!little && view.getUint32(0) !== MAGIC)
        return null;
    const number = (at) => view.getUint32(at, little);
    const [count, ids, texts] = [number(8), number(12), number(16)];
    if (Math.max(ids, texts) + count * 8 > bytes.byteLength)
        return null;
    const decoder = new TextDecoder();
    const textAt = (row) => decoder.decode(bytes.subarray(number(row + 4), number(row + 4) + number(row)));
    // Rows of a file made by hand may all name the same megabyte.
    let size = 0;
    for (let i = 0; i < count; i++)
        size += number(ids + i * 8) + number(texts + i * 8);
    if (size > bytes.byteLength)
        return null;
    const found = new Map();
    for (let i = 0; i < count; i++)
        found.set(textAt(ids + i * 8), textAt(texts + i * 8));
    return found;
}
/** How many messages of a `.po` its `.mo` has otherwise or not at all; null where one of the two is not understood. */
function notCompiled(po, mo) {
    const [written, compiled] = [readPo(po), readMo(mo)];
    if (!written || !compiled)
        return null;
    return [...written].filter(([id, text]) => compiled.get(id) !== text).length;
}

;// CONCATENATED MODULE: ./build/src/lint/rules/translations.js




const PO = /(?:^|\/)[^/]+\/LC_MESSAGES\/django(?:js)?\.po$/;
const FOREIGN = /(?:^|\/)(?:site-packages|node_modules|\.?venv)\//;
/** The folder of a language that Django's to_locale() never answers: `pt-br` is looked for as `pt_BR`. */
const DASHED = /(?:^|\/)(([a-z]{2,3})-([a-z]{2,8}))\/LC_MESSAGES\/django(?:js)?\.(?:po|mo)$/i;
/** As django.utils.translation.to_locale() has it: a region in upper case, a script with its first letter. */
function localeOf(language, rest) {
    const region = rest.length > 2 ? rest[0]?.toUpperCase() + rest.slice(1).toLowerCase() : rest.toUpperCase();
    return `${language.toLowerCase()}_${region}`;
}
/** The files there are, and those of them that a deploy ships. */
function filesOf(j) {
    const files = new Set(j.input.files.list());
    const leavesOut = j.input.deployment?.leavesOut;
    return { files, shipped: leavesOut ? new Set([...files].filter((path) => !leavesOut(path))) : files };
}
/** The project's own `.po` files, in order. */
const sources = (files) => [...files].filter((path) => PO.test(path) && !FOREIGN.test(path)).sort();
const translations_counted = (messages) => (messages === 1 ? "1 message" : `${messages} messages`);
/** Django reads the compiled `.mo` files alone. */
const translationRules = [
    {
        id: "djdeploy.translations-not-compiled",
        level: "warning",
        title: "Translations are not compiled",
        why: "Django reads .mo files only; where git has the .po files alone, pages come in the language of the source, and nothing says so.",
        fix: "Commit the .mo files, or let a build make them: build: {command: python manage.py compilemessages, include: [locale]}.",
        docs: "topics/i18n/translation/#compiling-message-files",
        check: (j) => {
            const { files, shipped } = filesOf(j);
            const included = (j.input.deployment?.included ?? []).map((path) => path.replace(/\/+$/, ""));
            const lacking = sources(files)
                .filter((path) => {
                const made = path.replace(/\.po$/, ".mo");
                return !shipped.has(made) && !included.some((one) => made === one || made.startsWith(`${one}/`));
            })
                .filter((path) => translates(j.input.files.read(path) ?? ""));
            const first = lacking[0];
            if (first === undefined)
                return [];
            // …/locale/de/LC_MESSAGES/django.po
            const folders = [...new Set(lacking.map((path) => external_node_path_.posix.join(path, "../../..")))].sort();
            const more = lacking.length > 1 ? ` and ${lacking.length - 1} more` : "";
            return [
                {
                    when: isTruthy(j, "USE_I18N"),
                    message: `${first}${more}: no .mo file beside it is shipped, and Django reads no other`,
                    hint: files.has(first.replace(/\.po$/, ".mo"))
                        ? "the .mo file is there, but `exclude` in djdeploy.yml or export-ignore in .gitattributes leaves it out"
                        : `build: {command: python manage.py compilemessages, include: [${folders.join(", ")}]} in djdeploy.yml (the runner needs Django and gettext), or commit what compilemessages makes: git add -f '${external_node_path_.posix.join(folders[0] ?? ".", "*/LC_MESSAGES/*.mo")}'`,
                    place: secrets_at(first),
                },
            ];
        },
    },
    {
        id: "djdeploy.translations-outdated",
        level: "warning",
        title: "A compiled translation is not that of its source",
        why: "Django reads .mo files only; one that was made from an older .po shows the old texts, or the language of the source.",
        fix: "Run manage.py compilemessages and commit what it makes, or let a build make it.",
        docs: "topics/i18n/translation/#compiling-message-files",
        check: (j) => {
            const { files, shipped } = filesOf(j);
            if (j.input.deployment?.built)
                return []; // a build may make them anew
            const outdated = sources(files).flatMap((path) => {
                const made = path.replace(/\.po$/, ".mo");
                const compiled = shipped.has(made) ? j.input.files.bytes?.(made) : null;
                const lacking = compiled ? notCompiled(j.input.files.read(path) ?? "", compiled) : null;
                return lacking ? [{ path, made, lacking }] : [];
            });
            const first = outdated[0];
            if (first === undefined)
                return [];
            const more = outdated.length > 1 ? `; ${outdated.length - 1} more files likewise` : "";
            return [
                {
                    when: isTruthy(j, "USE_I18N"),
                    message: `${first.made} has ${translations_counted(first.lacking)} of ${external_node_path_.posix.basename(first.path)} otherwise or not at all, and Django reads no other file${more}`,
                    hint: `python manage.py compilemessages, and commit what it makes: git add -f '${first.made}'`,
                    place: secrets_at(first.path),
                },
            ];
        },
    },
    {
        id: "djdeploy.translations-folder",
        level: "warning",
        title: "A folder of translations has a name that Django does not look for",
        why: "Django looks for pt-br in locale/pt_BR; a folder with a dash is never read, and pages come in the language of the source.",
        fix: "Rename the folder: the language, an underscore, the region in upper case, such as pt_BR.",
        docs: "topics/i18n/#term-locale-name",
        check: (j) => {
            const wrong = new Map();
            for (const path of j.input.files.list()) {
                const [, folder, language, rest] = DASHED.exec(path) ?? [];
                const from = external_node_path_.posix.join(path, "../..");
                if (folder && language && rest && !FOREIGN.test(path) && !wrong.has(from))
                    wrong.set(from, { path, folder, locale: localeOf(language, rest) });
            }
            return [...wrong].map(([from, { path, folder, locale }]) => ({
                when: isTruthy(j, "USE_I18N"),
                message: `${path} is never read: Django looks for ${folder.toLowerCase()} in ${locale}`,
                hint: `git mv '${from}' '${external_node_path_.posix.join(external_node_path_.posix.dirname(from), locale)}'`,
                place: secrets_at(path),
            }));
        },
    },
];

;// CONCATENATED MODULE: ./build/src/lint/rules/index.js



































/** Every rule, in the order in which they are documented. */
const RULES = [
    ...settingsRules,
    ...outsideRules,
    ...settingsCodeRules,
    ...appRules,
    ...packageRules,
    ...debugRules,
    ...debugMoreRules,
    ...secretKeyRules,
    ...keyHandlingRules,
    ...hostRules,
    ...transportRules,
    ...addressRules,
    ...cookieRules,
    ...cookieScopeRules,
    ...headerRules,
    ...contentPolicyRules,
    ...accountRules,
    ...staticRules,
    ...staticFileRules,
    ...mediaRules,
    ...databaseRules,
    ...databaseUseRules,
    ...cacheRules,
    ...loggingRules,
    ...errorTrackingRules,
    ...mailRules,
    ...environmentRules,
    ...gunicornRules,
    ...secretRules,
    ...scriptRules,
    ...translationRules,
    ...obsoleteRules,
    ...silencedRules,
    notFollowedRule,
    ...assumeRules,
];

;// CONCATENATED MODULE: ./build/src/lint/independent.js


/** What stands for a value that secrets were read for. */
const independent_hiddenText = "***";
/**
 * Settings are judged with the secret values of this run, and what Python makes of such a value (a part of it, upper
 * case, backwards) is a spelling that no redactor knows. So the same is judged again as if the secrets were others:
 * what is said then as well does not tell them, and only that is said. Which findings there are is not changed.
 */
function independent_withoutSecrets(input, result, judge) {
    const others = otherInputs(input);
    if (others === null)
        return result;
    const { changed, without, marks } = others;
    const again = [judge(changed)];
    // Most settings say nothing that is made of a secret: one more judgement tells that.
    if (saysTheSame(result, again[0]))
        return result;
    again.push(judge(without));
    return {
        ...result,
        findings: result.findings.map((finding, index) => findingOf(marks, finding, again.map((one) => twin(finding, index, result.findings, one.findings)))),
        settings: Object.fromEntries(Object.entries(result.settings).map(([name, one]) => [
            name,
            independent_settingOf(marks, one, again.map(({ settings }) => settings[name])),
        ])),
        suppressed: result.suppressed,
        ...(result.notJudged === undefined
            ? {}
            : {
                notJudged: sameWords(marks, result.notJudged, again.map((one) => one.notJudged)),
            }),
    };
}
function saysTheSame(one, other) {
    const said = ({ findings, settings, notJudged }) => JSON.stringify([findings, settings, notJudged]);
    return said(one) === said(other);
}
/** The same for the explanation of one value. */
function explanationWithoutSecrets(input, explained, explain) {
    const others = otherInputs(input);
    if (others === null)
        return explained;
    const { marks } = others;
    const again = [others.changed, others.without].map(explain);
    return {
        ...explained,
        ...independent_settingOf(marks, explained, again),
        reads: defaultsOf(explained.reads, again.map(({ reads }) => reads)),
        decisions: explained.decisions.map((one, index) => ({
            ...one,
            when: one.when &&
                sameWords(marks, one.when, again.map(({ decisions }) => decisions[index]?.when)),
        })),
    };
}
/** Null where no value is secret: else one where each is another of the same shape, and one where none is known. */
function otherInputs(input) {
    const { secrets = [], ...rest } = input;
    const environment = { ...rest.environment };
    const names = secrets.filter((name) => (0,redact/* canHide */.rr)(environment[name] ?? ""));
    if (names.length === 0)
        return null;
    const changed = Object.fromEntries(names.map((name) => [name, anotherOf(environment[name])]));
    const without = Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
    return {
        changed: { ...rest, environment: { ...environment, ...changed } },
        without: { ...rest, environment: without, provided: [...new Set([...(rest.provided ?? []), ...names])] },
        marks: marksOf(names.map((name) => environment[name])),
    };
}
function marksOf(values) {
    const words = values.flatMap((value) => value.match(keptWords) ?? []);
    return {
        chars: new Set(values.flatMap((value) => value.match(/[^\p{L}\p{N}\s]/gu) ?? [])),
        words: new Set(words.map((word) => word.toLowerCase())),
    };
}
/** What Python reads as a word of its own, and how a kind of address or an insecure key begins. */
const keptWords = /\b(?:true|false|none|null|yes|no|on|off)\b/gi;
const independent_kept = new RegExp(`^(?:[a-z][a-z0-9+.-]*(?=://)|django-insecure-)|${keptWords.source}`, "gi");
/**
 * Another value of the same shape: no letter and no digit stays where it was, whatever splits it still does. The names
 * in a JSON object stay, or settings that look one up would not load.
 */
function anotherOf(value) {
    const parsed = value.startsWith("{") ? jsonOf(value) : null;
    return parsed === null ? anotherText(value) : JSON.stringify(parsed);
}
function jsonOf(value) {
    try {
        return JSON.parse(value, (_, one) => {
            if (typeof one === "number")
                return Number(shifted(String(Math.abs(one))));
            return typeof one === "string" ? anotherText(one) : one;
        });
    }
    catch {
        return null;
    }
}
function anotherText(value) {
    let result = "";
    let at = 0;
    for (const found of value.matchAll(independent_kept)) {
        result += shifted(value.slice(at, found.index)) + found[0];
        at = found.index + found[0].length;
    }
    return result + shifted(value.slice(at));
}
/** Marks that divide nothing: no list, address or path is written with them. */
const dull = "!^*()~`|";
function shifted(text) {
    return text.replace(/[\p{L}\p{N}!^*()~`|]/gu, (char) => {
        if (dull.includes(char))
            return dull[(dull.indexOf(char) + 3) % dull.length];
        if (/[a-z]/.test(char))
            return String.fromCharCode(((char.charCodeAt(0) - 97 + 11) % 26) + 97);
        if (/[A-Z]/.test(char))
            return String.fromCharCode(((char.charCodeAt(0) - 65 + 11) % 26) + 65);
        // No zero: a number keeps its length.
        if (/[0-9]/.test(char))
            return String((Number(char) % 9) + 1);
        return char === "é" ? "ü" : "é";
    });
}
const independent_keyOf = (f) => JSON.stringify([f.id, f.file, f.line, f.column, f.setting]);
/** The finding of another run that is about the same, where it has one. */
function twin(finding, index, all, others) {
    const key = independent_keyOf(finding);
    const turn = all.slice(0, index).filter((one) => independent_keyOf(one) === key).length;
    return others.filter((one) => independent_keyOf(one) === key)[turn];
}
function findingOf(marks, finding, again) {
    const rule = RULES.find(({ id }) => id === finding.id);
    const fix = again.some((one) => JSON.stringify(one?.fix) === JSON.stringify(finding.fix));
    const { fix: own, ...rest } = finding;
    return {
        ...rest,
        message: sameWords(marks, finding.message, again.map((one) => one?.message), rule?.title),
        hint: sameWords(marks, finding.hint, again.map((one) => one?.hint), rule?.fix),
        dependsOn: defaultsOf(finding.dependsOn, again.map((one) => one?.dependsOn)),
        ...(own && fix ? { fix: own } : {}),
    };
}
/** Variables that are read, with a default only where it is not made of a secret. */
function defaultsOf(reads, again) {
    return reads.map((read) => {
        const known = again.some((others) => others?.some((other) => other.name === read.name && other.default === read.default));
        return read.default === null || known ? read : { ...read, default: independent_hiddenText };
    });
}
function independent_settingOf(marks, one, again) {
    return {
        ...one,
        value: sameParts(marks, one.value, again.map((other) => other?.value)),
        ...(one.reason === undefined
            ? {}
            : {
                reason: sameWords(marks, one.reason, again.map((o) => o?.reason)),
            }),
    };
}
/** A text as far as some run without these values says it word by word; `otherwise` where none says the like. */
function sameWords(marks, text, again, otherwise = independent_hiddenText) {
    if (again.includes(text))
        return text;
    const pieces = text.split(/(\s+)/);
    for (const other of again) {
        const others = other?.split(/(\s+)/);
        if (others?.length !== pieces.length)
            continue;
        return pieces
            .map((piece, at) => piece === others[at] && !isOfSecrets(marks, piece) ? piece : hiddenWord(marks, piece, others[at]))
            .join("");
    }
    return otherwise;
}
/** A word that another value of the same shape has as well: marks alone, or one that is kept. */
function isOfSecrets({ chars, words }, word) {
    const bare = word.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
    return bare === "" ? [...word].some((char) => chars.has(char)) : words.has(bare);
}
/** A word with its marks around it (`'***',`), where both runs have them and no secret does. */
function hiddenWord({ chars }, word, other) {
    const before = /^[^\p{L}\p{N}]*/u.exec(word)[0];
    const after = /[^\p{L}\p{N}]*$/u.exec(word)[0];
    if (before.length === word.length || !other.startsWith(before) || !other.endsWith(after))
        return independent_hiddenText;
    const ours = (text) => [...text].filter((char) => !chars.has(char)).join("");
    return `${ours(before)}${independent_hiddenText}${ours(after)}`;
}
/** So many marks of a secret in a row are none that a settings file has by itself, such as a star or a slash. */
const mostMarks = 3;
/** JSON as far as some run without these values has it at the same place. Yes and no, and nothing, tell no value. */
function sameParts(marks, value, again) {
    if (value === null || value === undefined || typeof value === "boolean")
        return value;
    if (typeof value === "string") {
        const telling = value.length > mostMarks && !/[\p{L}\p{N}]/u.test(value) && isOfSecrets(marks, value);
        return again.includes(value) && !telling ? value : independent_hiddenText;
    }
    if (typeof value === "number")
        return again.includes(value) ? value : independent_hiddenText;
    if (Array.isArray(value)) {
        const lists = again.filter(Array.isArray);
        return value.map((one, at) => sameParts(marks, one, lists.map((other) => other[at])));
    }
    const maps = again.filter((other) => typeof other === "object" && other !== null && !Array.isArray(other));
    return Object.fromEntries(Object.entries(value).map(([key, one], at) => {
        const known = maps.some((other) => Object.hasOwn(other, key));
        return [
            known ? key : `${independent_hiddenText}${at}`,
            sameParts(marks, one, maps.map((other) => other[key])),
        ];
    }));
}

;// CONCATENATED MODULE: ./build/src/lint/not-judged.js

/** What nearly every verdict rests on. */
const not_judged_CORE = ["DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "MIDDLEWARE"];
/**
 * Why nothing could be judged, null where something was. Nothing found is then no good news: no rule was asked, or
 * none could answer.
 */
function notJudged({ evaluation, input }, settings) {
    if (evaluation.file === null)
        return `${input.settingsModule} is not in the repository`;
    if (evaluation.exhausted)
        return "the settings are too long to follow";
    if (!possible(evaluation.alive)) {
        const last = evaluation.deaths.at(-1);
        const where = last ? ` at ${last.place.file}:${last.place.line}` : "";
        return `as far as they can be followed, the settings do not load: ${last?.error.cls.name ?? "an exception"}${where}`;
    }
    const core = not_judged_CORE.map((name) => settings[name]);
    if (!core.every((one) => one?.certainty === "unknown"))
        return null;
    return core[0]?.reason || "what sets them is not known";
}

;// CONCATENATED MODULE: ./build/src/lint/rule.js
/** What is added to advice that waits for TLS. */
const LATER = " (advice for after TLS)";

// EXTERNAL MODULE: ./build/src/report/visible.js
var visible = __webpack_require__(9203);
;// CONCATENATED MODULE: ./build/src/lint/settings-values.js











const SHOWN_DEFAULTS = "DEBUG SECRET_KEY ALLOWED_HOSTS MIDDLEWARE SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE X_FRAME_OPTIONS".split(" ");
/** Every setting as JSON, with how sure we are; values of secrets are never shown. */
function describeSettings(j) {
    const names = new Set([...SHOWN_DEFAULTS, ...j.evaluation.settings.keys()]);
    const out = {};
    renewWork();
    for (const name of [...names].sort())
        try {
            out[name] = describe(j, name);
        }
        catch (error) {
            if (!(error instanceof OutOfWork))
                throw error;
            renewWork();
            out[name] = {
                value: null,
                certainty: "unknown",
                file: null,
                line: null,
                reason: "it depends on too much at once",
            };
        }
    return out;
}
/** One setting as JSON. */
function describe(j, name) {
    const v = living(j.m, setting(j, name));
    const place = placeOf(j.evaluation, name, TRUE);
    const at = { file: place?.file ?? null, line: place?.line ?? null };
    const shown = unsetPart(j, v);
    const secret = isSecret(name);
    const value = secret ? secretClass(j, v) : toJson(j, shown, 0);
    if (shown.t === "unknown" || v.t === "unknown")
        return {
            value: secret ? value : null,
            certainty: "unknown",
            ...at,
            reason: shown.t === "unknown" ? shown.reason : "",
        };
    return {
        value,
        certainty: isCertain(j, v, 0)
            ? j.assumed.has(name)
                ? "depends"
                : "certain"
            : leaves(v).some((o) => o.t === "unknown")
                ? "unknown"
                : "depends",
        ...at,
        ...(j.assumed.has(name) ? { assumed: true } : {}),
    };
}
/** In the place of what a variable says that has to be set: any text of ours would look like the project's. */
const GIVEN = { t: "ellipsis" };
/** The value while the variables that may be unset are not set; GIVEN where one has to be, and decides. */
function unsetPart(j, v) {
    let out = v;
    while (out.t === "choice") {
        const edge = unsetEdge(j.evaluation, out);
        if (!edge && j.evaluation.variables[out.at]?.kind === "env")
            return GIVEN;
        out = (edge ?? out.edges.at(-1) ?? { to: v }).to;
    }
    return out;
}
function isCertain(j, v, depth) {
    const here = living(j.m, v);
    if (here.t === "choice" || here.t === "unknown")
        return false;
    if (depth > 6)
        return true;
    if (here.t === "tuple")
        return here.items.every((i) => isCertain(j, i, depth + 1));
    if (here.t === "list" || here.t === "set")
        return isCertain(j, here.content, depth + 1);
    if (here.t === "dict")
        return !here.open && [...here.scope.slots.values()].every((x) => isCertain(j, x, depth + 1));
    return true;
}
function secretClass(j, v) {
    if (v.t === "choice")
        return "from the environment";
    if (v.t === "unknown")
        return v.generated ? "generated" : v.from ? "from the environment" : "unknown";
    if (v.t !== "str")
        return v.t === "none" || v.t === "missing" ? "missing" : v.t;
    if (v.v === "")
        return "empty";
    if (v.v.startsWith("django-insecure-"))
        return "insecure-prefix";
    return Object.values(j.input.environment ?? {}).includes(v.v) ? "from the environment" : "literal";
}
/** An element, or of those that are not always there the ones that are while nothing is set. */
function settings_values_whileUnset(j, item) {
    const among = elementsOf(item);
    return among ? among.filter(({ when }) => always(unsetPart(j, when))).map((one) => one.item) : [item];
}
function toJson(j, v, depth) {
    const o = unsetPart(j, living(j.m, v));
    if (o === GIVEN)
        return null;
    if (depth > 8)
        return "…";
    switch (o.t) {
        case "none":
        case "missing":
            return null;
        case "bool":
            return o.v;
        case "num":
            return Number.isFinite(o.v) ? o.v : numberText(o.v, o.float);
        case "str":
            return (0,visible/* shortened */.vI)(o.v, 297);
        case "path":
        case "bytes":
            return o.v;
        case "tuple":
            return o.items
                .flatMap((i) => settings_values_whileUnset(j, i))
                .slice(0, 200)
                .map((i) => toJson(j, i, depth + 1));
        case "list":
        case "set":
            return toJson(j, o.content, depth);
        case "dict": {
            const entries = [...o.scope.slots]
                .filter(([, x]) => always(unsetPart(j, toCondition(x, (at) => at.t !== "missing"))))
                .slice(0, 200);
            return Object.fromEntries(entries.map(([k, x]) => {
                const key = k[0] === "\0" ? String(keyObject(k).v ?? k.slice(1)) : k;
                return [
                    key,
                    isSecret(key.toUpperCase()) && unsetPart(j, x).t === "str" ? "***" : toJson(j, x, depth + 1),
                ];
            }));
        }
        case "unknown":
            return null;
        case "instance":
            return `<${o.cls.name}>`;
        default:
            return `<${o.t}>`;
    }
}

;// CONCATENATED MODULE: ./build/src/lint/suppress.js



/**
 * What djdeploy.yml, comments and SILENCED_SYSTEM_CHECKS take out, each with its reason. `gather` puts together what is
 * left, and can be taken out as a whole.
 */
function suppress(j, findings, gather) {
    const silenced = silencedIds(j);
    const one = takenOut(j, findings, silenced);
    const all = takenOut(j, gather(one.kept), silenced);
    const suppressed = [...one.suppressed, ...all.suppressed];
    return { kept: [...all.kept, ...suppress_unused(j, suppressed), ...idle(j, silenced, findings)], suppressed };
}
function takenOut(j, findings, silenced) {
    const kept = [];
    const suppressed = [];
    for (const f of findings) {
        const reason = j.input.ignore[f.id];
        const comment = commentFor(j, f);
        if (reason !== undefined)
            suppressed.push({ id: f.id, reason, by: "djdeploy.yml" });
        else if (comment)
            suppressed.push(comment);
        else if (silenced.has(f.id))
            suppressed.push({ id: f.id, reason: "named in SILENCED_SYSTEM_CHECKS", by: "SILENCED_SYSTEM_CHECKS" });
        else
            kept.push(f);
    }
    return { kept, suppressed };
}
/** Ids in SILENCED_SYSTEM_CHECKS that we judge, and that nothing would raise. */
function idle(j, silenced, findings) {
    const rule = RULES.find((r) => r.id === "djdeploy.silenced-not-raised");
    const place = placeOf(j.evaluation, "SILENCED_SYSTEM_CHECKS", TRUE);
    return [...silenced]
        .filter((id) => /^security\./.test(id) && RULES.some((r) => r.id === id))
        .filter((id) => !findings.some((f) => f.id === id || f.also.includes(id)))
        .map((id) => ({
        ...plainFinding(`SILENCED_SYSTEM_CHECKS hides ${id}, which would not be raised`, place?.file ?? "", place?.line ?? 1),
        id: rule.id,
        hint: rule.fix,
        setting: "SILENCED_SYSTEM_CHECKS",
    }));
}
/** What is told to be ignored, by djdeploy.yml or a comment, and is not there. */
function suppress_unused(j, suppressed) {
    const found = Object.keys(j.input.ignore)
        .filter((id) => !suppressed.some((s) => s.id === id && s.by === "djdeploy.yml"))
        .map((id) => plainFinding(`lint.ignore names ${id}, but there is no such finding`, "djdeploy.yml", 1));
    for (const [file, { lines }] of j.evaluation.parsed)
        for (const [i, line] of lines.entries()) {
            const comment = COMMENT.exec(line);
            if (comment && !suppressed.some((s) => s.by === `${file}:${i + 1}`))
                found.push(plainFinding(`the comment ignores ${comment[1]}, but there is no such finding`, file, i + 1));
        }
    return found;
}
function plainFinding(message, file, line) {
    return {
        id: "djdeploy.unused-ignore",
        level: "info",
        message,
        hint: "correct the id, or remove the line",
        file,
        line,
        column: 1,
        setting: null,
        certainty: "certain",
        dependsOn: [],
        also: [],
        docs: null,
    };
}
const COMMENT = /#\s*djdeploy:\s*ignore\s+([\w.,-]+)\s+(\S.*)$/;
/** Ids that Django is told to keep quiet about, in every world. */
function silencedIds(j) {
    const ids = new Set();
    for (const { item, when } of judge_elements(j, setting(j, "SILENCED_SYSTEM_CHECKS")))
        if (item.t === "str" && when.t === "bool" && when.v)
            ids.add(item.v);
    return ids;
}
/** `# djdeploy: ignore security.W008 nginx redirects` at the end of the line that decided the value. */
function commentFor(j, f) {
    const line = j.evaluation.parsed.get(f.file)?.lines[f.line - 1];
    const found = line ? COMMENT.exec(line) : null;
    if (!found?.[1]?.split(",").includes(f.id))
        return null;
    return { id: f.id, reason: found[2], by: `${f.file}:${f.line}` };
}

;// CONCATENATED MODULE: ./build/src/lint/engine.js


















const engine_RANK = { error: 0, warning: 1, info: 2 };
const SURE = { certain: 0, depends: 1, unknown: 2 };
/** Judges the production settings without running them. Never throws for what the project's files hold. */
function lint(input) {
    return independent_withoutSecrets(input, study(input).result, (other) => study(other).result);
}
/** The judged settings, with the evaluation that the verdicts come from. */
function study(input) {
    const evaluation = engine_evaluate(input);
    const judge = {
        m: evaluation.machine,
        evaluation,
        input,
        version: versionOf(input.djangoVersion) ? input.djangoVersion : ASSUMED_DJANGO,
        assumed: new Set(),
    };
    const { findings, assumed } = judgedWithFacts(judge);
    const { kept, suppressed } = suppress(judge, findings, (left) => gathered(judge, left));
    for (const finding of kept)
        addFix(judge, finding);
    kept.sort((a, b) => engine_RANK[a.level] - engine_RANK[b.level] ||
        SURE[a.certainty] - SURE[b.certainty] ||
        engine_compare(a.file, b.file) ||
        a.line - b.line ||
        engine_compare(a.id, b.id));
    const summary = { error: 0, warning: 0, info: 0 };
    for (const f of kept)
        summary[f.level]++;
    const settings = describeSettings(judge);
    const open = notJudged(judge, settings);
    const result = {
        settingsModule: input.settingsModule,
        findings: kept,
        settings,
        suppressed,
        ...(assumed.length > 0 ? { assumed } : {}),
        ...(open === null ? {} : { notJudged: open }),
        summary,
    };
    return { judge, result };
}
/** By code points: ids and paths in any order that stays. A collation takes longer to load than the lint does. */
function engine_compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
/** What all rules find, with the facts that djdeploy.yml states. */
function judgedWithFacts(judge) {
    const all = () => merged(RULES.filter((rule) => applies(rule, judge.version)).flatMap((rule) => {
        judge.m.pc = TRUE;
        return findingsOf(rule, judge);
    }));
    const plain = all();
    const none = Object.keys(judge.input.assume ?? {}).length === 0 || !possible(judge.evaluation.alive);
    return none ? { findings: plain, assumed: [] } : withAssumptions(judge, plain, all);
}
/** The answer to a finding as code in the project's own style, where there is one. */
function addFix(judge, finding) {
    renewWork();
    try {
        const [fix] = proposals(judge, finding);
        if (!fix)
            return;
        const { code, file, line, automatic } = fix;
        const last = lastLine(judge, file);
        finding.fix = {
            code,
            file,
            line: Math.min(line, last),
            automatic,
            ...(line > last ? { after: true } : {}),
        };
    }
    catch (error) {
        if (!(error instanceof OutOfWork || error instanceof OutOfSteps || error instanceof RangeError))
            throw error;
        renewWork();
    }
}
/** The number of a file's last line; no limit for a file that was not read. */
function lastLine(judge, file) {
    const lines = judge.evaluation.parsed.get(file)?.lines ?? judge.input.files.read(file)?.split(/\r\n|\r|\n/);
    if (!lines)
        return Number.POSITIVE_INFINITY;
    return Math.max(1, lines.at(-1) === "" ? lines.length - 1 : lines.length);
}
/** What one rule finds; a rule that takes too long to decide is not known, never passed. */
function findingsOf(rule, judge) {
    renewWork();
    try {
        return checksOf(rule, judge).flatMap((check) => judged(rule, check, judge) ?? []);
    }
    catch (error) {
        if (!(error instanceof OutOfWork))
            throw error;
        renewWork();
        const tooMuch = { when: TRUE, message: rule.title, unsure: "it depends on too much at once" };
        return [judged(rule, tooMuch, judge) ?? []].flat();
    }
}
function engine_evaluate(input) {
    return evaluateSettings({
        tree: input.files,
        settingsModule: input.settingsModule,
        root: (input.root ?? ".")
            .replace(/^\.?\/?$/, "")
            .replace(/^\.\//, "")
            .replace(/\/$/, ""),
        djangoVersion: input.djangoVersion,
        environment: input.environment ?? {},
        provided: input.provided ?? [],
        packages: declaredPackages(input.files),
    });
}
function applies(rule, version) {
    if (rule.from && !atLeast(version, ...rule.from))
        return false;
    return !(rule.to && atLeast(version, ...rule.to));
}
/** Settings that never load have no values to judge. */
function checksOf(rule, judge) {
    const loads = possible(judge.evaluation.alive) && judge.evaluation.file !== null;
    if (!loads && !/^djdeploy\.settings-/.test(rule.id))
        return [];
    return rule.check(judge);
}
function judged(rule, check, judge) {
    const e = check.of ?? judge.evaluation;
    const found = verdictOf(e, check.when, check.everywhere);
    if (!found)
        return null;
    const unsure = check.unsure ?? versionDoubt(rule, check, judge);
    const verdict = unsure ? { certainty: "unknown", dependsOn: [], reason: unsure } : found;
    const place = check.place ?? (check.setting ? placeOf(e, check.setting, check.when) : null);
    const later = rule.https === true && judge.input.deployment?.tls === false;
    const level = later ? "info" : (check.level ?? rule.level);
    return {
        id: rule.id,
        level,
        message: `${check.message}${check.whole ? "" : tail(verdict, check.shape)}${later ? LATER : ""}`,
        hint: check.hint ?? rule.fix,
        file: place?.file || e.file || "",
        line: Math.min(place?.line ?? 1, lastLine(judge, place?.file || e.file || "")),
        column: place?.column ?? 1,
        setting: check.setting ?? null,
        certainty: verdict.certainty,
        dependsOn: verdict.dependsOn,
        ...(verdict.whenUnset === undefined ? {} : { whenUnset: verdict.whenUnset }),
        ...(verdict.certainty === "unknown" && !check.whole ? { reason: verdict.reason } : {}),
        also: [],
        docs: docsOf(rule, judge.version),
    };
}
/** What only some versions of Django make an error is none where nothing says which one it is. */
function versionDoubt(rule, check, judge) {
    const error = (check.level ?? rule.level) === "error";
    return error && (rule.from || rule.to) && versionOf(judge.input.djangoVersion) === null
        ? "nothing says which version of Django it runs on"
        : undefined;
}
function tail(verdict, shape) {
    const names = verdict.dependsOn.map((d) => d.name).join(", ");
    if (verdict.anyShort && shape)
        return `, when ${names} ${shape}${verdict.whenUnset ? ", or not set" : ""}`;
    if (verdict.certainty === "depends")
        return verdict.values
            ? `, when ${verdict.values}`
            : `, for some values of ${names}${verdict.whenUnset ? ", and while unset" : ""}`;
    if (verdict.certainty === "unknown")
        return `, or not: it is not known (${verdict.reason})`;
    return "";
}
/** The same thing at the same place: of what variables decide, one value that makes it so is as good as another. */
function isTwin(a, b) {
    if (a.id !== b.id || a.file !== b.file || a.line !== b.line || a.setting !== b.setting)
        return false;
    if (a.message === b.message)
        return true;
    const names = (f) => f.dependsOn.map((d) => d.name).join();
    const element = a.certainty === "depends" && b.certainty === "depends" && a.setting !== null;
    return element && names(a) === names(b) && a.level === b.level;
}
/** Findings with one cause become one; the same thing said twice is said once. */
function merged(all) {
    const kept = [];
    for (const f of all) {
        const rule = RULES.find((r) => r.id === f.id);
        const causes = rule?.partOf === undefined ? [] : [rule.partOf].flat();
        const host = kept.find((k) => causes.some((id) => k.id === id || k.also.includes(id)) && k.certainty === f.certainty);
        if (host) {
            if (!host.also.includes(f.id))
                host.also.push(f.id);
            if (rule?.sharper && f.certainty !== "unknown")
                host.message = f.message;
            continue;
        }
        const twin = kept.findIndex((k) => isTwin(k, f));
        if (twin < 0)
            kept.push(f);
        else if (f.whenUnset && !kept[twin]?.whenUnset)
            kept[twin] = f;
    }
    return kept;
}

;// CONCATENATED MODULE: ./build/src/lint/explain.js



/** What an id means; null when it is not known. */
function explain(id) {
    const rule = RULES.find((r) => r.id.toLowerCase() === id.toLowerCase() ||
        r.id.toLowerCase() === `security.${id.toLowerCase()}` ||
        r.id.toLowerCase() === `djdeploy.${id.toLowerCase()}`);
    if (!rule)
        return null;
    const { level, title, why, fix } = rule;
    return { id: rule.id, level, title, why, fix, docs: docsOf(rule, ASSUMED_DJANGO) };
}
/** Every rule, in the order of the reference page. */
function allRules() {
    return RULES.map((r) => explain(r.id));
}
/** Is it only worth saying once there is TLS? */
function httpsOnly(id) {
    return RULES.some((r) => r.id === id && r.https === true);
}

;// CONCATENATED MODULE: ./build/src/lint/fix/same.js
/**
 * Gives values of two evaluations one number each: equal numbers for values that are equal in every world, or in those
 * in which a variable holds a text. Variables are told apart by their names, what is not known by its reason.
 */
function numbering() {
    const table = new Map();
    const number = (key) => {
        const found = table.get(key) ?? table.size;
        table.set(key, found);
        return found;
    };
    return (e, assumed) => {
        const at = assumed ? e.machine.byName.get(assumed.name) : undefined;
        const about = at === undefined ? undefined : e.variables[at];
        const bit = about?.kind === "env" && assumed ? about.values.findIndex((one) => one.text === assumed.text) : -1;
        const choices = new Map();
        const open = new Set();
        const scope = (s) => [...s.slots].map(([k, v]) => `${JSON.stringify(k)}:${of(v)}`).join(",");
        /** A value that may hold itself. */
        const guarded = (id, make) => {
            if (open.has(id))
                return "itself";
            open.add(id);
            const made = make();
            open.delete(id);
            return made;
        };
        const label = (v) => {
            switch (v.t) {
                case "choice":
                    return `?${same_choice(e, v, of)}`;
                case "bool":
                case "str":
                case "bytes":
                case "path":
                    return `${v.t}:${v.v}`;
                case "num":
                    return `num:${v.v}:${v.float}`;
                case "tuple":
                    return `(${v.items.map(of).join(",")})`;
                case "list":
                case "set":
                    return guarded(v.id, () => `${v.t}[${of(v.content)}]`);
                case "dict":
                    return guarded(v.id, () => `{${scope(v.scope)}|${v.open?.reason ?? ""}}`);
                case "instance":
                    return guarded(v.id, () => `<${v.cls.name} ${v.id === 0 ? "" : scope(v.scope)}>`);
                case "unknown":
                    return `unknown:${v.reason}:${v.type ?? ""}:${v.splat ?? ""}:${[...(v.from ?? [])].map((at) => same_name(e.variables[at])).join()}`;
                case "func":
                case "native":
                case "class":
                case "module":
                    return `${v.t}:${v.name}`;
                default:
                    return v.t;
            }
        };
        const of = (v) => {
            if (v.t !== "choice")
                return number(label(v));
            if (v.at === at && bit >= 0) {
                const edge = v.edges.find((x) => x.mask & (1 << bit));
                return edge ? of(edge.to) : number("never");
            }
            const found = choices.get(v.id) ?? number(label(v));
            choices.set(v.id, found);
            return found;
        };
        return of;
    };
}
const same_name = (v) => (v?.kind === "env" ? v.name : (v?.reason ?? ""));
function same_choice(e, v, of) {
    const about = e.variables[v.at];
    const edges = v.edges.map(({ mask, to }) => {
        if (about?.kind !== "env")
            return `${mask & 1}=${of(to)}`;
        const texts = about.values.flatMap(({ text }, i) => (mask & (1 << i) ? [text] : []));
        return `${JSON.stringify(texts)}=${of(to)}`;
    });
    return `${same_name(about)} ${edges.sort().join(" ")}`;
}

;// CONCATENATED MODULE: ./build/src/lint/fix/prove.js








/** Why a fix must not be made; null when it does what it shall and nothing else. */
function objection(before, after, finding, fix) {
    renewWork();
    const broken = after.judge.evaluation.problems.find((p) => !before.judge.evaluation.problems.some((q) => q.file === p.file));
    if (broken)
        return `${broken.file}:${broken.line} would be no valid Python: ${broken.message}`;
    if (after.judge.evaluation.exhausted)
        return "the settings are too long to follow";
    if (!isSettled(after, finding, fix)) {
        const { judge } = after;
        const debug = living(judge.m, isTruthy(judge, "DEBUG"));
        const follows = fix.code.includes("not DEBUG") && always(debug);
        return follows ? "DEBUG is on: security.W018 comes first" : `${finding.id} would still be there`;
    }
    const other = newFindings(before, after, finding, fix)[0];
    if (other)
        return `it would bring ${other.id}: ${other.message}`;
    const changed = changedSettings(before, after, fix)[0];
    return changed ? `it would change ${changed} too` : null;
}
const isAbout = (finding, f) => (f.id === finding.id || f.also.includes(finding.id)) && f.setting === finding.setting;
/** Gone, or left to a variable that settles it while unset, or only there while DEBUG is on. */
function isSettled(after, finding, fix) {
    if (fix.settled)
        return fix.settled(after.judge);
    const left = after.result.findings.filter((f) => isAbout(finding, f));
    if (left.every((f) => f.certainty === "depends" && f.whenUnset !== true))
        return true;
    if (left.some((f) => f.certainty !== "depends"))
        return false;
    let otherwise = and(condition(after, finding), not(isTruthy(after.judge, "DEBUG")));
    for (const name of fix.variables)
        otherwise = given(after.judge, otherwise, name, null) ?? otherwise;
    return !possible(otherwise);
}
/** When a rule's checks about a setting hold. */
function condition({ judge }, finding) {
    const rule = RULES.find((r) => r.id === finding.id);
    const own = rule?.check(judge).find((c) => (c.setting ?? null) === finding.setting);
    return own ? living(judge.m, own.when) : isTruthy(judge, "DEBUG");
}
/** What was not found before, but for what the fix brings to light and the junk its own variables may hold. */
function newFindings(before, after, finding, fix) {
    const key = (f) => `${f.id} ${f.setting} ${f.certainty} ${f.message} ${f.also.join()}`;
    const known = new Set(before.result.findings.map(key));
    return after.result.findings.filter((f) => {
        if (known.has(key(f)) ||
            isSofter(before, f, fix) ||
            isAdvice(before, f, fix) ||
            fix.reveals.includes(f.id) ||
            isAbout(finding, f))
            return false;
        const ours = f.dependsOn.length > 0 &&
            f.dependsOn.every((d) => fix.variables.includes(d.name) || d.name === fix.corrects);
        return !(ours && f.certainty === "depends" && f.whenUnset !== true);
    });
}
/** Advice about the variables of the project, which has one more now. */
function isAdvice(before, f, { variables }) {
    if (f.level !== "info" || f.setting !== null || variables.length === 0)
        return false;
    return (before.result.findings.some((b) => b.id === f.id) || variables.some((name) => f.message.includes(name)));
}
/** Was the same said of a setting that the fix is about, and no milder? */
function isSofter(before, f, fix) {
    if (f.setting === null || !fix.sets.includes(f.setting) || f.certainty !== "depends")
        return false;
    return before.result.findings.some((b) => b.id === f.id && b.setting === f.setting && b.certainty === "depends" && (b.whenUnset || !f.whenUnset));
}
/** Other settings that would come to another value in some world. */
function changedSettings(before, after, fix) {
    const [old, now] = [before.judge.evaluation, after.judge.evaluation];
    const number = numbering();
    const names = [...new Set([...old.settings.keys(), ...now.settings.keys()])];
    const others = names.filter((name) => !fix.sets.includes(name));
    const changed = (assumed) => {
        const [a, b] = [number(old, assumed), number(now, assumed)];
        return others.filter((name) => a(finalValue(before, name)) !== b(finalValue(after, name)));
    };
    const { corrects } = fix;
    if (corrects === undefined)
        return changed();
    // What depends on the corrected setting follows it; it must not move where that setting stays.
    return staying(before, after, corrects, fix.sets[0] ?? "").flatMap((text) => changed({ name: corrects, text }));
}
const finalValue = ({ judge }, name) => living(judge.m, judge.evaluation.settings.get(name)?.value ?? MISSING);
/** The values of a variable with which a setting is as true or false as before. */
function staying(before, after, variable, name) {
    const { m } = before.judge;
    const read = m.variables[m.byName.get(variable) ?? -1];
    const tried = read?.kind === "env" ? read.values.map(({ text }) => text) : [];
    return tried.filter((text) => {
        const [x, y] = [before, after].map(({ judge }) => given(judge, isTruthy(judge, name), variable, text));
        return x?.t === "bool" && y?.t === "bool" && x.v === y.v;
    });
}

;// CONCATENATED MODULE: ./build/src/lint/fix/index.js








/** Each fix costs an evaluation or two. */
const MOST_FIXES = 40;
/**
 * Answers what can be answered mechanically and with certainty. Every fix is judged in memory before it counts: the
 * text still parses, the finding is gone, no other came, and no other setting has another value. Writes nothing.
 */
function fixProject(input, { https, writable = () => null }) {
    const files = new Map();
    const report = { files, made: [], dropped: [] };
    const done = new Set();
    let now = study(input);
    for (let n = 0; n < MOST_FIXES; n++) {
        const next = nextFinding(now, done);
        if (!next)
            break;
        const { finding, fixes } = next;
        done.add(fix_keyOf(finding));
        const drop = (reason) => {
            report.dropped.push({ id: finding.id, file: finding.file, line: finding.line, reason });
        };
        if (!https && httpsOnly(finding.id)) {
            drop("it needs HTTPS, and tls is none");
            continue;
        }
        let reason = null;
        for (const fix of fixes) {
            const attempt = fix_bounded(() => tryFix(input, now, finding, fix, writable), TOO_MUCH);
            if (typeof attempt === "string")
                reason ??= attempt;
            else {
                for (const [file, text] of attempt.texts)
                    files.set(file, text);
                input = attempt.input;
                now = attempt.study;
                report.made.push(madeOf(finding, fix));
                reason = null;
                break;
            }
        }
        if (reason !== null)
            drop(reason);
    }
    return { ...report, result: independent_withoutSecrets(input, now.result, (other) => study(other).result) };
}
const fix_keyOf = (f) => `${f.id} ${f.setting} ${f.file}`;
/** The next finding with an automatic fix; a flag's cast comes before what depends on the flag. */
function nextFinding(now, done) {
    const open = now.result.findings.filter((f) => f.fix?.automatic && !done.has(fix_keyOf(f)));
    const finding = open.find((f) => !httpsOnly(f.id)) ?? open[0];
    if (!finding)
        return null;
    return { finding, fixes: fix_bounded(() => proposals(now.judge, finding), []).filter((fix) => fix.automatic) };
}
const TOO_MUCH = "the settings are too much to compare";
/** What a question about the evaluated settings comes to, or an answer for when it takes too much work. */
function fix_bounded(ask, otherwise) {
    renewWork();
    try {
        return ask();
    }
    catch (error) {
        if (!(error instanceof OutOfWork || error instanceof OutOfSteps || error instanceof RangeError))
            throw error;
        return otherwise;
    }
}
/** The project with one fix made, or why it must not be. */
function tryFix(input, now, finding, fix, writable) {
    const texts = new Map();
    for (const file of new Set(fix.edits.map((edit) => edit.file))) {
        const refused = writable(file);
        if (refused !== null)
            return refused;
        const text = input.files.read(file);
        if (text === null)
            return `${file} cannot be read`;
        texts.set(file, applyEdits(text, fix.edits.filter((edit) => edit.file === file)));
    }
    const changed = { ...input, files: overlay(input.files, texts) };
    const after = study(changed);
    const refused = objection(now, after, finding, fix) ?? stillRead(input.files, now, after);
    return refused ?? { texts, input: changed, study: after };
}
/** Other code of the project that reads a setting which the fix takes away. */
function stillRead(files, before, after) {
    const gone = [...before.judge.evaluation.settings.keys()].filter((name) => !after.judge.evaluation.settings.has(name));
    if (gone.length === 0)
        return null;
    const uses = new RegExp(`\\b(?:${gone.join("|")})\\b`);
    const settings = before.judge.evaluation.parsed;
    const user = files
        .list()
        .find((f) => f.endsWith(".py") && !settings.has(f) && uses.test(files.read(f) ?? ""));
    return user ? `${user} reads ${gone.join(" or ")}` : null;
}
function overlay(files, texts) {
    return { list: files.list, read: (path) => texts.get(path) ?? files.read(path) };
}
function madeOf(finding, { file, line, code, sets, reveals, variables }) {
    return { id: finding.id, file, line, code, sets, reveals, variable: variables[0] ?? null };
}

;// CONCATENATED MODULE: ./build/src/lint/fix/render.js

/** The code of a finding's fix, indented, with its place; nothing where it has none. */
function codeLines(finding) {
    if (!finding.fix)
        return [];
    const { code, file, line, after } = finding.fix;
    const lines = code.split("\n").map((text) => `       ${text}`);
    const elsewhere = file !== finding.file || line !== finding.line;
    return [
        ...lines.slice(0, -1),
        `${lines.at(-1)}${elsewhere ? `  (${after ? "after " : ""}${file}:${line})` : ""}`,
    ];
}
/** How many findings `lint --fix` has an answer to, as a line; nothing when none. */
function fixableLine(result) {
    // Advice for after TLS is left until then.
    const count = result.findings.filter((f) => f.fix?.automatic && !(f.level === "info" && httpsOnly(f.id))).length;
    return count > 0 ? [`${count} can be fixed: djdeploy lint --fix shows the change before it is made`] : [];
}
/** What was fixed and what was left, for people. */
function renderFixes({ made, dropped }) {
    const lines = made.map(({ id, file, line, code }) => {
        const [first, ...more] = code.split("\n");
        return `fixes  ${id}  ${file}:${line}  ${first}${more.length > 0 ? " …" : ""}`;
    });
    lines.push(...dropped.map(({ id, file, line, reason }) => `left   ${id}  ${file}:${line}  ${reason}`));
    const variables = [...new Set(made.flatMap(({ variable }) => variable ?? []))];
    if (variables.length > 0)
        lines.push(`Safe while they are not set: ${variables.join(", ")}.`);
    const next = [...new Set(made.flatMap(({ reveals }) => reveals))];
    if (next.length > 0)
        lines.push(`Only now Django can ask about ${next.join(", ")}: djdeploy explain ID.`);
    return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./build/src/lint/way-out.js
var way_out = __webpack_require__(4640);
;// CONCATENATED MODULE: ./build/src/lint/render.js






/** More lines of one kind than this are not read. */
const render_MOST = 10;
/**
 * Text for people: what is certain and an error in full with its line, then at most ten lines of warnings, then what
 * the environment decides, and the next thing to do last. Notes are counted only. With `all`, everything in full.
 * Ends with a newline.
 */
function renderLint(raw, options) {
    const result = (0,visible/* visibleDeep */.jO)(raw);
    const paint = (style, text) => options.color ? (0,external_node_util_.styleText)(style, text, { validateStream: false }) : text;
    const certain = result.findings.filter((f) => f.certainty === "certain");
    const open = result.findings.filter((f) => f.certainty !== "certain");
    const errors = certain.filter((f) => f.level === "error");
    const rest = certain.filter((f) => f.level !== "error");
    const blocks = [
        ...errors.map((f) => full(f, result, options, paint)),
        ...(options.all
            ? [...rest, ...open].map((f) => full(f, result, options, paint))
            : [warningLines(rest, result, paint), afterTls(rest, paint), openLines(open, result, paint)]),
        assumedLines(result),
        [...noteLines(rest, options, paint), ...suppressedLines(result, paint), ...fixableLine(result)],
        lastLines(result, errors, rest, open, options),
    ];
    return `${blocks
        .filter((lines) => lines.length > 0)
        .map((lines) => lines.join("\n"))
        .join("\n\n")}\n`;
}
const COLORS = { error: "red", warning: "yellow", info: "cyan" };
const place = (f) => (f.file ? `${f.file}:${f.line}:${f.column}` : "");
const isHttps = (f) => RULES.some((r) => r.id === f.id && r.https);
const isLater = (f) => f.message.endsWith(LATER);
/** A setting that nobody gives has no line to show: its finding stands at the head of the settings module. */
function isGivenSomewhere(f, result) {
    return f.setting === null || (result.settings[f.setting]?.file ?? null) !== null;
}
function full(f, result, options, paint) {
    const ids = [f.id, ...f.also].join(", ");
    const given = isGivenSomewhere(f, result);
    const lines = [
        `${paint(COLORS[f.level], f.level)} ${paint("bold", ids)} ${given ? place(f) : f.file}`,
        `  ${f.message}`,
    ];
    const source = f.file && given ? options.files?.read(f.file)?.split(/\r?\n/)[f.line - 1] : undefined;
    // The line of a secret is not repeated.
    if (source?.trim() && !/SECRET|PASSWORD|TOKEN|_KEY\b/.test(`${f.setting ?? ""} ${f.id.toUpperCase()}`))
        lines.push(paint("dim", `  ${String(f.line).padStart(5)} | ${(0,visible/* visibleLine */.P8)((0,visible/* shortened */.vI)(source, 160))}`));
    if (f.hint)
        lines.push(`  fix: ${f.hint}`);
    lines.push(...codeLines(f));
    if (f.docs)
        lines.push(paint("dim", `  ${f.docs}`));
    return lines;
}
/** One line for each cause: what HTTPS lacks is one, and so is the same thing at several places. */
function warningLines(rest, result, paint) {
    const warnings = rest.filter((f) => f.level === "warning");
    const groups = render_grouped(warnings, (f) => (isHttps(f) ? "https" : f.id));
    const lines = groups.slice(0, render_MOST).map((group) => {
        const [first] = group;
        const several = group.length > 1 && isHttps(first);
        const what = several ? `HTTPS is not enforced: ${settingsOf(group)}` : first.message;
        const more = group.length > 1 && !several ? ` (and ${group.length - 1} more like it)` : "";
        return line(paint(COLORS.warning, "warning"), `${what}${more}`, idsOf(group), spot(first, result), paint);
    });
    const hidden = groups.slice(render_MOST).reduce((sum, group) => sum + group.length, 0);
    return hidden > 0 ? [...lines, paint("dim", `+${hidden} more: djdeploy lint --all`)] : lines;
}
/** `what (ids, where)`: what is read first stands first. */
function line(mark, what, ids, where, paint) {
    return `${mark}  ${what} ${paint("dim", `(${[ids, where].filter(Boolean).join(", ")})`)}`;
}
const spot = (f, result) => isGivenSomewhere(f, result) && f.file ? `${f.file}:${f.line}` : f.file;
/** Advice that waits for TLS, in one line. */
function afterTls(rest, paint) {
    const later = rest.filter(isLater);
    if (later.length === 0)
        return [];
    return [
        `${paint(COLORS.info, "later")}    once the site has TLS: ${settingsOf(later)} ${paint("dim", `(${idsOf(later)})`)}`,
    ];
}
const settingsOf = (group) => [...new Set(group.map((f) => f.setting ?? f.message))].join(", ");
/** `security.W004, W008`: the family is named once. */
function idsOf(group) {
    const ids = [...new Set(group.flatMap((f) => [f.id, ...f.also]))];
    return ids
        .map((id, i) => i > 0 && ids[0]?.split(".")[0] === id.split(".")[0] ? id.slice(id.indexOf(".") + 1) : id)
        .join(", ");
}
/** What the host will decide: first what is wrong as long as nobody sets a variable. */
function openLines(open, result, paint) {
    const waiting = open.filter((f) => f.certainty === "depends" && f.whenUnset && f.level !== "info");
    const unknown = open.filter((f) => f.certainty === "unknown" && f.level !== "info");
    const odd = open.filter((f) => f.certainty === "depends" && !f.whenUnset && f.level !== "info").length;
    const lines = [];
    const listed = (title, texts) => {
        if (texts.length === 0)
            return;
        lines.push(title, ...texts.slice(0, render_MOST));
        if (texts.length > render_MOST)
            lines.push(paint("dim", `  +${texts.length - render_MOST} more: djdeploy lint --all`));
    };
    listed("As long as no variable says otherwise (the host's own are judged before the switch):", render_grouped(waiting, (f) => `${f.id} ${f.id === NEEDS ? "" : f.message}`).map((group) => line(" ", waitingText(group), idsOf(group), spot(group[0], result), paint)));
    listed("Not known without running the project (judged on the host before the switch):", render_grouped(unknown, render_reasonOf).map((group) => unknownLine(group, result, paint)));
    if (odd > 0)
        lines.push(paint("dim", `${odd} more would be wrong for other values of variables: djdeploy lint --all`));
    return lines;
}
/** Why it is not known, as the engine puts it at the end of a message. */
const render_reasonOf = (f) => / \(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(f.message)?.[1] ?? f.message;
/** One finding is told; of several with one reason, the reason. */
function unknownLine(group, result, paint) {
    const [first] = group;
    if (group.length === 1)
        return line(" ", first.message.replace(", or not: it is not known", ": not known"), idsOf(group), spot(first, result), paint);
    const names = [...new Set(group.map((f) => f.setting ?? f.id))];
    const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
    return `   ${render_reasonOf(first)}: ${names.slice(0, 6).join(", ")}${more}`;
}
const NEEDS = "djdeploy.settings-need-variable";
/** The heading says that it is so while variables are unset: which values else make it so is left out. */
function waitingText(group) {
    const [first] = group;
    const names = neededBy(group).join(", ");
    if (first.id === NEEDS)
        return `the settings do not load without ${names}`;
    const short = first.message.replace(/, (?:when|for some values of) [A-Z_][^:]*$/, "");
    return short === first.message ? short : `${short} [${names}]`;
}
const neededBy = (found) => [
    ...new Set(found.flatMap((f) => f.dependsOn.map((d) => d.name))),
];
function render_grouped(found, key) {
    const groups = new Map();
    for (const f of found) {
        const known = groups.get(key(f));
        if (known)
            known.push(f);
        else
            groups.set(key(f), [f]);
    }
    return [...groups.values()];
}
function noteLines(rest, options, paint) {
    const notes = rest.filter((f) => f.level === "info" && !isLater(f)).length;
    return notes === 0 || options.all ? [] : [paint("dim", `${render_count(notes, "note")}: djdeploy lint --all`)];
}
/** Each stated fact with what rests on it. */
function assumedLines({ assumed }) {
    if (!assumed)
        return [];
    const said = (value) => {
        if (value === null)
            return "as stated";
        const text = typeof value === "string" && value.startsWith("keeps ") ? value : `= ${JSON.stringify(value)}`;
        return (0,visible/* visibleLine */.P8)((0,visible/* shortened */.vI)(text, 120));
    };
    return [
        "Assumed, because lint.assume in djdeploy.yml says so:",
        ...assumed.map(({ setting, value, restsOn }) => `  ${setting} ${said(value)}: ${restsOn.length > 0 ? `${restsOn.join(", ")} rest on it` : "nothing rests on it alone"}`),
    ];
}
function suppressedLines({ suppressed }, paint) {
    if (suppressed.length === 0)
        return [];
    const told = suppressed.map((s) => `${s.id} (${s.reason})`).join(", ");
    return [paint("dim", `${suppressed.length} suppressed: ${told}`)];
}
const render_count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
function lastLines(result, errors, rest, open, options) {
    if (result.notJudged !== undefined && errors.length === 0)
        return [`${result.settingsModule}: not judged: ${result.notJudged}`, `next: ${way_out/* WAY_OUT */.$}`];
    const warnings = rest.filter((f) => f.level === "warning").length;
    const counts = [
        ...(errors.length > 0 ? [render_count(errors.length, "error")] : []),
        ...(warnings > 0 ? [render_count(warnings, "warning")] : []),
    ];
    const left = open.some((f) => f.level !== "info");
    const nothing = left ? "nothing to correct for certain" : "nothing to correct";
    const said = counts.length > 0 ? counts.join(", ") : nothing;
    const sum = `${result.settingsModule}: ${said}${errors.length === 0 && options.failLevel === "error" ? "; nothing here stops a release" : ""}`;
    const first = errors[0] ?? (options.failLevel === "warning" ? rest.find((f) => f.level === "warning") : undefined);
    if (first)
        return [sum, `next: ${first.hint} (${isGivenSomewhere(first, result) ? place(first) : first.file})`];
    const needed = neededBy(open.filter((f) => f.id === NEEDS && f.whenUnset));
    if (needed.length === 0)
        return [sum];
    return [sum, `next: name ${needed.join(", ")} in djdeploy.yml under env.secrets or env.vars`];
}

// EXTERNAL MODULE: ./build/src/version.js
var src_version = __webpack_require__(8234);
;// CONCATENATED MODULE: ./build/src/lint/sarif.js


const LEVELS = { error: "error", warning: "warning", info: "note" };
/** GitHub shows the first 5,000 results of a run and refuses more than 25,000; findings come worst first. */
const sarif_MOST = 5_000;
/** Ids about what an attacker could use; the others are about a site that would not work. */
const ABOUT_SECURITY = /^security\.|^4_0\.|secret|token|debug|password|storage-key|env-file|cors|csp|cookie|session|allowed-hosts|trusts|api-open/;
/** CVSS-like: GitHub calls 7.0 and more high, 4.0 and more medium, the rest low. */
const SEVERITY = { error: "8.0", warning: "5.0", info: "2.0" };
/**
 * SARIF 2.1.0, as GitHub's code scanning takes it. What is not certain is a note. What is suppressed is no result:
 * code scanning would open an alert for it; it is listed in the properties of the run.
 */
function lintToSarif(result, version = "0.0.0") {
    const findings = result.findings.slice(0, sarif_MOST);
    const ids = [...new Set(findings.map((f) => f.id))].sort();
    const seen = new Map();
    return {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: {
                    driver: {
                        name: "djdeploy",
                        version,
                        informationUri: `https://github.com/${src_version/* home */.i}`,
                        rules: ids.map(ruleOf),
                    },
                },
                automationDetails: { id: `djdeploy/${result.settingsModule}/` },
                columnKind: "utf16CodeUnits",
                results: findings.map((f) => resultOf(f, ids, seen)),
                properties: { settingsModule: result.settingsModule, suppressed: result.suppressed },
            },
        ],
    };
}
function resultOf(f, ids, seen) {
    return {
        ruleId: f.id,
        ruleIndex: ids.indexOf(f.id),
        level: f.certainty === "certain" ? LEVELS[f.level] : "note",
        message: { text: f.hint ? `${f.message}. ${f.hint}` : f.message },
        locations: [
            {
                physicalLocation: {
                    // Code scanning takes no result without a file: what is about none is about the configuration.
                    artifactLocation: { uri: uriOf(f.file || "djdeploy.yml"), uriBaseId: "%SRCROOT%" },
                    region: { startLine: Math.max(1, f.line), startColumn: Math.max(1, f.column) },
                },
            },
        ],
        partialFingerprints: { "djdeploy/v1": fingerprint(f, seen) },
        properties: { certainty: f.certainty, dependsOn: f.dependsOn.map((d) => d.name), also: f.also },
    };
}
const uriOf = (file) => file.split("/").map(encodeURIComponent).join("/");
/** The same as long as the finding is: lines may move, and only a second one of its kind is told apart by its turn. */
function fingerprint(f, seen) {
    const key = `${f.id}:${f.setting ?? ""}:${f.file}`;
    const turn = (seen.get(key) ?? 0) + 1;
    seen.set(key, turn);
    return turn === 1 ? key : `${key}:${turn}`;
}
function ruleOf(id) {
    const rule = explain(id);
    if (!rule)
        return { id };
    const security = ABOUT_SECURITY.test(id);
    const link = rule.docs ? `\n\n[Documentation](${rule.docs})` : "";
    return {
        id,
        name: rule.title,
        shortDescription: { text: rule.title },
        fullDescription: { text: rule.why },
        help: { text: `${rule.why}\n\n${rule.fix}`, markdown: `${rule.why}\n\n**Fix:** ${rule.fix}${link}` },
        defaultConfiguration: { level: LEVELS[rule.level] },
        ...(rule.docs ? { helpUri: rule.docs } : {}),
        properties: {
            tags: ["django", ...(security ? ["security"] : ["reliability"])],
            precision: "very-high",
            "problem.severity": rule.level === "info" ? "recommendation" : rule.level,
            ...(security ? { "security-severity": SEVERITY[rule.level] } : {}),
        },
    };
}

;// CONCATENATED MODULE: ./build/src/lint/value/source.js



/** Where a node stands, and what stands there: the whole of a statement, of others the first line. */
function spotOf(e, file, node, setting, whole = true) {
    const source = sourceText(e.machine.tree.read(file) ?? "");
    const [start, end] = source.range(node);
    const line = node.lineno;
    const text = whole ? source.text.slice(start, end) : source.text.slice(start, source.afterLine(line));
    const shown = text.replace(/\s*[\r\n]+\s*/g, " ").trim();
    return {
        file,
        line,
        column: start - source.startOfLine(line) + 1,
        text: source_cut(isSecret(setting) ? withoutTexts(shown) : shown),
    };
}
const source_cut = (text) => (0,visible/* shortened */.vI)(text, 157);
/** What a secret is read from may be shown, the secret itself not. */
function withoutTexts(text) {
    return text.replace(/(["'])((?:\\.|(?!\1).)*)\1/g, (all, quote, inner) => /^[A-Z][A-Z0-9_]*$/.test(inner) || inner === "" ? all : `${quote}***${quote}`);
}

;// CONCATENATED MODULE: ./build/src/lint/value/chain.js



/** The imports and branches that lead from the settings module to the statement at a place, in their order. */
function chainTo(e, name, place) {
    const module = e.machine.modules.get(e.machine.settingsModule)?.module;
    const imports = module ? importsTo(e, module, name, place, new Set()) : null;
    return [...(imports ?? []), ...branchesAt(e, place.file, place.line, name)];
}
/** null where the way goes by something else than an import. */
function importsTo(e, module, name, place, seen) {
    const { file } = module;
    if (file === place.file)
        return [];
    const parsed = file === null ? undefined : e.parsed.get(file);
    if (file === null || !parsed || seen.has(file))
        return null;
    seen.add(file);
    // The last import that brings it is the one that wins.
    for (const { node } of [...walk(parsed.body)].reverse()) {
        if (node.nodeType !== "ImportFrom")
            continue;
        const alias = node.names.find((a) => a.name === "*" || (a.asname ?? a.name) === name);
        const from = alias && e.machine.modules.get(chain_absoluteName(module, node))?.module;
        if (!from)
            continue;
        const own = alias.name === "*" ? name : alias.name;
        if (!decidedAt(from, own, place))
            continue;
        const rest = importsTo(e, from, own, place, seen);
        const link = { kind: "import", ...spotOf(e, file, node, "") };
        return [...branchesAt(e, file, node.lineno, ""), link, ...(rest ?? [])];
    }
    return runOf(e, file, parsed.body, place);
}
/** `include(…)` or `exec(…)` of the file, where one names it; else the first there is. */
function runOf(e, file, body, place) {
    const calls = [...walk(body)].filter(({ node }) => node.nodeType === "Call" &&
        /^(?:include|exec|execfile|load_settings|run_path)$/.test(node.func.nodeType === "Name"
            ? node.func.id
            : node.func.nodeType === "Attribute"
                ? node.func.attr
                : ""));
    const links = calls.map(({ node }) => ({ kind: "run", ...spotOf(e, file, node, "") }));
    const base = place.file.replace(/^.*\//, "");
    const found = links.find(({ text }) => text.includes(base)) ?? links[0];
    return found ? [...branchesAt(e, file, found.line, ""), found] : null;
}
function decidedAt(module, name, place) {
    const places = module.scope.places?.get(name);
    return (!!places && leaves(places).some((p) => p.t === "place" && p.file === place.file && p.line === place.line));
}
function chain_absoluteName(module, node) {
    const level = node.level ?? 0;
    if (level === 0)
        return node.module ?? "";
    const parts = module.name.split(".");
    const up = level - (/(?:^|\/)__init__\.py$/.test(module.file ?? "") ? 1 : 0);
    return [...parts.slice(0, parts.length - up), ...(node.module ? [node.module] : [])].join(".");
}
/** The conditions, loops, functions and classes that a line stands in, outermost first. */
function branchesAt(e, file, line, name) {
    const parsed = e.parsed.get(file);
    if (!parsed)
        return [];
    for (const { node, around } of walk(parsed.body)) {
        if (!("lineno" in node) || node.lineno !== line)
            continue;
        return around
            .filter((s) => /^(?:If|For|While|Try|TryStar|With|Match|FunctionDef|ClassDef)$/.test(s.nodeType))
            .map((s) => {
            const part = chain_partOf(s, line);
            return { kind: "branch", ...spotOf(e, file, s, name, false), ...(part ? { part } : {}) };
        });
    }
    return [];
}
function chain_partOf(node, line) {
    const within = (body) => (body ?? []).some((s) => s.lineno <= line && line <= (s.end_lineno ?? s.lineno));
    if ((node.nodeType === "If" || node.nodeType === "For") && within(node.orelse))
        return "else";
    if (node.nodeType !== "Try" && node.nodeType !== "TryStar")
        return null;
    if (node.handlers.some((h) => within(h.body)))
        return "except";
    return within(node.orelse) ? "else" : within(node.finalbody) ? "finally" : null;
}

;// CONCATENATED MODULE: ./build/src/lint/value/explain.js











/** Why a setting has its value: the statements that decide it, the way there, and the variables they read. */
function explainValue(input, setting) {
    return explanationWithoutSecrets(input, explained(input, setting), (other) => explained(other, setting));
}
function explained(input, setting) {
    const { judge } = study(input);
    const e = judge.evaluation;
    const own = e.settings.get(setting);
    const { value, certainty, reason, assumed } = describe(judge, setting);
    const decisions = own?.place ? decisionsOf(e, setting, own.place) : [];
    if (!possible(e.alive)) {
        const why = "the settings do not load; djdeploy lint says why";
        const others = othersOf(e, setting, []);
        return {
            setting,
            value: null,
            certainty: "unknown",
            reason: why,
            from: "project",
            decisions: [],
            reads: [],
            others,
        };
    }
    return {
        setting,
        value,
        certainty,
        ...(reason ? { reason } : {}),
        ...(assumed ? { assumed } : {}),
        from: own ? "project" : e.defaults.has(setting) ? "django" : "nobody",
        decisions,
        reads: own ? explain_readsOf(e, own.value) : [],
        others: othersOf(e, setting, decisions),
    };
}
function decisionsOf(e, setting, places) {
    return cases(living(e.machine, places)).flatMap(({ leaf, when }) => {
        if (leaf.t !== "place" || !possible(when))
            return [];
        const spot = leaf.file === "" ? inClass(e, setting) : statementAt(e, leaf, setting);
        if (!spot)
            return [];
        return [{ ...spot, when: whenOf(e, when), chain: chainTo(e, setting, { ...leaf, ...spot }) }];
    });
}
/** The worlds of a condition, in words. */
function whenOf(e, when) {
    if (always(when))
        return null;
    const verdict = verdictOf(e, when);
    if (!verdict || verdict.certainty === "certain")
        return null;
    if (verdict.certainty === "unknown")
        return `it is not known when: ${verdict.reason}`;
    const names = verdict.dependsOn.map((d) => d.name).join(", ");
    return verdict.values ?? `for some values of ${names}${verdict.whenUnset ? ", and while unset" : ""}`;
}
function statementAt(e, place, setting) {
    for (const { node } of walk(e.parsed.get(place.file)?.body ?? []))
        if ("lineno" in node && node.lineno === place.line && node.col_offset === place.column - 1)
            return spotOf(e, place.file, node, setting);
    return { file: place.file, line: place.line, column: place.column, text: "" };
}
/** The attribute of the deployed class of django-configurations, or of the nearest class above that has it. */
function inClass(e, setting) {
    const module = e.machine.modules.get(e.machine.settingsModule)?.module;
    const chosen = module ? configurationOf(e, module) : null;
    for (const { name } of chosen ? lineage(chosen) : [])
        for (const [file, { body }] of e.parsed)
            for (const { node, around } of walk(body))
                if (around.some((s) => s.nodeType === "ClassDef" && s.name === name) && bindsHere(node, setting))
                    return spotOf(e, file, node, setting);
    return null;
}
const bindsHere = (node, setting) => (node.nodeType === "Assign" || node.nodeType === "AnnAssign") && bindings(node).includes(setting);
/** Every read of the variables a value is made from. */
function explain_readsOf(e, value) {
    const names = new Set();
    variablesIn(e, value, names, 0);
    const seen = new Set();
    return e.reads.flatMap(({ name, place: { file, line, column }, default: otherwise, cast }) => {
        const key = `${name} ${file} ${line} ${cast}`;
        if (!names.has(name) || seen.has(key))
            return [];
        seen.add(key);
        return [{ name, default: otherwise, cast, file, line, column }];
    });
}
function variablesIn(e, value, into, depth) {
    const add = (at) => {
        const v = e.variables[at];
        if (v?.kind === "env")
            into.add(v.name);
        else
            for (const x of v?.from ?? [])
                add(x);
    };
    for (const at of support(value))
        add(at);
    for (const { leaf } of cases(living(e.machine, value))) {
        if (leaf.t === "unknown")
            for (const at of leaf.from ?? [])
                add(at);
        if (depth > 4)
            continue;
        if (leaf.t === "list" || leaf.t === "set")
            variablesIn(e, leaf.content, into, depth + 1);
        if (leaf.t === "tuple")
            for (const item of leaf.items)
                variablesIn(e, item, into, depth + 1);
        if (leaf.t === "dict")
            for (const v of leaf.scope.slots.values())
                variablesIn(e, v, into, depth + 1);
    }
}
/** What else is said about the name in the files that were followed. */
function othersOf(e, setting, decisions) {
    const found = [];
    for (const [file, { body }] of e.parsed)
        for (const { node } of walk(body)) {
            const text = e.parsed.get(file)?.lines[("lineno" in node ? node.lineno : 1) - 1] ?? "";
            if (!text.includes(setting))
                continue;
            const sets = (node.nodeType === "Assign" || node.nodeType === "AnnAssign" || node.nodeType === "AugAssign") &&
                (bindings(node).includes(setting) ||
                    isPart(node.nodeType === "Assign" ? node.targets[0] : undefined, setting));
            const calls = node.nodeType === "Expr" &&
                node.value.nodeType === "Call" &&
                node.value.func.nodeType === "Attribute" &&
                isPart(node.value.func, setting);
            if (!sets && !calls)
                continue;
            const spot = spotOf(e, file, node, setting);
            if (!decisions.some((d) => d.file === file && d.line === spot.line))
                found.push(spot);
        }
    return found;
}
/** `NAME[…]` or `NAME.method`. */
function isPart(node, setting) {
    const one = node;
    if (one?.nodeType === "Name")
        return one.id === setting;
    return (one?.nodeType === "Subscript" || one?.nodeType === "Attribute") && isPart(one.value, setting);
}

;// CONCATENATED MODULE: ./build/src/lint/value/render.js
/** The explanation for people. Ends with a newline. */
function renderValue(v) {
    const lines = [headline(v)];
    for (const d of v.decisions)
        lines.push("", ...decisionLines(d));
    if (v.reads.length > 0)
        lines.push("");
    for (const r of v.reads) {
        const otherwise = r.default === null ? "no default" : `default ${r.default}`;
        const cast = r.cast === null ? "" : `, as ${r.cast}`;
        lines.push(`reads ${r.name} at ${render_at(r)}: ${otherwise}${cast}`);
    }
    if (v.others.length > 0)
        lines.push("", "also about it:", ...v.others.map((s) => `  ${render_at(s)}  ${s.text}`));
    return `${lines.join("\n")}\n`;
}
const render_at = ({ file, line, column }) => `${file}:${line}:${column}`;
function headline({ setting, value, certainty, reason, assumed, from, reads }) {
    if (from === "nobody")
        return `${setting} is set nowhere, and Django has no such setting`;
    const shown = `${setting} = ${JSON.stringify(value)}`;
    if (assumed)
        return `${shown}, because lint.assume in djdeploy.yml says so: the settings do not tell`;
    if (from === "django")
        return `${shown}: Django's default, nothing in the project sets it`;
    if (certainty === "certain")
        return `${shown}, whatever the environment says`;
    if (certainty === "unknown")
        return `${setting} is not known without running the project${reason ? `: ${reason}` : ""}`;
    const names = [...new Set(reads.map((r) => r.name))].join(", ");
    if (value === null && names && reads.every((r) => r.default === null))
        return `${setting} is what ${names} says, which has to be set`;
    return `${shown} while nothing is set; it depends on ${names || "the environment"}`;
}
function decisionLines({ when, chain, text, ...spot }) {
    const words = when === null ? "" : /^(?:for some|it is not)/.test(when) ? `, ${when}` : `, when ${when}`;
    const lines = [`decided at ${render_at(spot)}${words}`];
    for (const link of chain)
        lines.push(`  ${link.kind === "branch" ? "in" : "by"} ${render_at(link)}  ${link.text}${link.part ? `  (its ${link.part})` : ""}`);
    lines.push(`  ${String(spot.line).padStart(5)} | ${text}`);
    return lines;
}

;// CONCATENATED MODULE: ./build/src/lint/index.js










/***/ })

};
;