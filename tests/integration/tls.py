"""Certificates made by openssl, and servers that use them."""
import pathlib
import ssl
import subprocess

from native import Raw
from weir import DEADLINE, Server, free_port


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=DEADLINE)


class Authority:
    """A certificate authority with files in a directory."""

    def __init__(self, directory, name="ca"):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(exist_ok=True)
        self.certificate, self.key = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 30, "-subj", f"/CN={name}",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.certificate)

    def give(self, name, to=None, days=30, algorithm=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), client=False):
        """(certificate, key) of a server on this machine, or of a client."""
        to = self.directory if to is None else pathlib.Path(to)
        certificate, key, request = to / f"{name}.pem", to / f"{name}.key", self.directory / f"{name}.csr"
        purpose = "clientAuth" if client else "serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1"
        extensions = self.directory / f"{name}.ext"
        extensions.write_text(f"extendedKeyUsage={purpose}\n")
        openssl("req", "-newkey", *algorithm, "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", days,
                "-extfile", extensions, "-out", certificate)
        return certificate, key


class SecureServer(Server):
    """One with HTTPS and the native protocol over TLS beside the plain ones."""

    def __init__(self, directory, certificate, key, *flags, authority=None, **more):
        self.https_port, self.secure_port = free_port(), free_port()
        self.authority = authority
        super().__init__(directory, "--https-port", str(self.https_port), "--native-secure-port", str(self.secure_port), "--tls-certificate",
                         str(certificate), "--tls-key", str(key), *flags, native=True, **more)

    @property
    def https(self):
        return f"https://localhost:{self.https_port}/"

    def context(self, certificate=None, versions=None):
        """A client's."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        if certificate is not None:
            context.load_cert_chain(*certificate)
        if versions is not None:
            context.minimum_version, context.maximum_version = versions
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context

    def raw(self, context=None, **words):
        """A connection of the native protocol over TLS."""
        return Raw(self, port=self.secure_port, context=context or self.context(), **words)
