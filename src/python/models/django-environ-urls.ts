/** The part of django-environ that makes configurations of URLs. */
export const DJANGO_ENVIRON_URLS = `
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
