"""TLS in front of a PostgreSQL that has none: answers PostgreSQL's SSLRequest, speaks TLS (Python's, so OpenSSL's) with the client and passes
on what is inside to the server's socket. Who does not ask for TLS is refused in the words of a server whose pg_hba.conf has `hostssl` only.

usage: postgres_tls.py FOLDER SOCKET_FOLDER

Prints `ready PORT`; FOLDER/ca.pem is the authority behind its certificate, which is for the name localhost. Ends when its standard input does.
"""
import datetime
import socket
import ssl
import struct
import sys
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SSL_REQUEST = 80877103
folder, sockets = Path(sys.argv[1]), Path(sys.argv[2])


def certificate(name, issuer, issuer_key, key, extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificates():
    """Writes the authority to ca.pem; the server's key and certificate as a context."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, pem = named("an authority of a test"), serialization.Encoding.PEM
    is_authority = [(x509.BasicConstraints(ca=True, path_length=None), True)]
    is_localhost = [(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False), (x509.BasicConstraints(ca=False, path_length=None), True)]
    (folder / "ca.pem").write_bytes(certificate(authority, authority, authority_key, authority_key, is_authority).public_bytes(pem))
    (folder / "server.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate(named("localhost"), authority, authority_key, key, is_localhost).public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def exactly(stream, count):
    data = b""
    while len(data) < count:
        more = stream.recv(count - len(data))
        if not more:
            raise ConnectionError("the client left")
        data += more
    return data


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for stream in (source, sink):
        try:
            stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client, context):
    try:
        length, code = struct.unpack("!II", exactly(client, 8))
        if code != SSL_REQUEST:
            exactly(client, length - 8)
            said = 'no pg_hba.conf entry for host "127.0.0.1", user "postgres", database "postgres", no encryption'
            fields = b"".join(kind + text.encode() + b"\0" for kind, text in [(b"S", "FATAL"), (b"V", "FATAL"), (b"C", "28000"), (b"M", said)])
            client.sendall(b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0")
            client.close()
            return
        client.sendall(b"S")
        inside = context.wrap_socket(client, server_side=True)
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(sockets / ".s.PGSQL.5432"))
        threading.Thread(target=pump, args=(server, inside), daemon=True).start()
        pump(inside, server)
    except (OSError, ConnectionError):
        # A client that does not trust the certificate leaves in the middle of the handshake.
        client.close()


def accept(listener, context):
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(client, context), daemon=True).start()


context = certificates()
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=accept, args=(listener, context), daemon=True).start()
print("ready", listener.getsockname()[1], flush=True)
sys.stdin.read()
