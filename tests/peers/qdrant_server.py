"""Qdrant's REST interface over Qdrant's own in-memory engine, both from the package qdrant-client. Not the server itself, which no package
carries and which does not build from registries alone.

usage: qdrant_server.py

Every request is held against the models that Qdrant generates from its published OpenAPI document, which forbid what they do not know;
one that does not fit is answered with 400. Prints `ready PORT`; ends when its standard input does.
"""
import json
import re
import sys
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from pydantic import ValidationError
from qdrant_client import QdrantClient, models

warnings.filterwarnings("ignore")
qdrant = QdrantClient(":memory:")
alone = threading.Lock()


def create(name, body):
    wanted = models.CreateCollection.model_validate(body)
    if qdrant.collection_exists(name):
        raise Conflict(f"Wrong input: Collection `{name}` already exists!")
    qdrant.create_collection(name, vectors_config=wanted.vectors, sparse_vectors_config=wanted.sparse_vectors)
    return True


def index(name, body):
    wanted = models.CreateFieldIndex.model_validate(body)
    qdrant.create_payload_index(name, wanted.field_name, wanted.field_schema)
    return {"operation_id": 0, "status": "completed"}


def upsert(name, body):
    qdrant.upsert(name, models.PointsList.model_validate(body).points)
    return {"operation_id": 0, "status": "completed"}


def remove(name, body):
    qdrant.delete(name, models.PointIdsList.model_validate(body))
    return {"operation_id": 0, "status": "completed"}


def retrieve(name, body):
    wanted = models.PointRequest.model_validate(body)
    vectors = wanted.with_vector or False
    found = qdrant.retrieve(name, wanted.ids, with_payload=wanted.with_payload, with_vectors=vectors)
    return [point.model_dump(mode="json") for point in found]


def scroll(name, body):
    wanted = models.ScrollRequest.model_validate(body)
    points, following = qdrant.scroll(name, limit=wanted.limit, offset=wanted.offset, with_payload=wanted.with_payload)
    return {"points": [point.model_dump(mode="json") for point in points], "next_page_offset": following}


def search(name, body):
    wanted = models.QueryRequestBatch.model_validate(body)
    found = qdrant.query_batch_points(name, wanted.searches)
    return [one.model_dump(mode="json") for one in found]


ROUTES = {
    ("GET", "/exists"): lambda name, _: {"exists": qdrant.collection_exists(name)},
    ("PUT", ""): create,
    ("DELETE", ""): lambda name, _: qdrant.delete_collection(name),
    ("PUT", "/index"): index,
    ("PUT", "/points"): upsert,
    ("POST", "/points"): retrieve,
    ("POST", "/points/delete"): remove,
    ("POST", "/points/scroll"): scroll,
    ("POST", "/points/query/batch"): search,
}


class Conflict(Exception):
    pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(size) or b"{}")
        path = re.fullmatch(r"/collections/([^/]+)(.*)", urlsplit(self.path).path)
        route = path and ROUTES.get((self.command, path[2]))
        creates = route in (create, ROUTES["GET", "/exists"])
        try:
            with alone:
                if not route or not (creates or qdrant.collection_exists(path[1])):
                    status, said = 404, {"status": {"error": f"Not found: {self.path}"}}
                else:
                    status, said = 200, {"status": "ok", "result": route(path[1], body)}
        except Conflict as error:
            status, said = 409, {"status": {"error": str(error)}}
        except (ValidationError, ValueError) as error:
            status, said = 400, {"status": {"error": f"Format error in JSON body: {error}"}}
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", server.server_address[1], flush=True)
sys.stdin.read()
