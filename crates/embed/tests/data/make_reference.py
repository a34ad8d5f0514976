"""Makes what tests/agreement.rs compares with: 200 texts and the vectors that the reference implementations give for them.

    pip install sentence-transformers==6.2.0 torch==2.15.0 wordllama==0.4.0.post1 model2vec
    python make_reference.py MODELS      (MODELS: the folder that tests/setup fills)

- minilm.f32: sentence-transformers (PyTorch, float32, processor) on all-MiniLM-L6-v2: mean pooling, length 1
- wordllama.f32: wordllama's own NumPy code on its l2_supercat table of 256: average pooling, length 1
- model2vec.f32: model2vec's own NumPy code on the same table laid out in its format: mean, length 1
Each file: the vectors one after the other, float32, little endian. texts.jsonl: one JSON string a line.
"""
import json
import pathlib
import random
import sys

import numpy as np

here = pathlib.Path(__file__).parent
models = pathlib.Path(sys.argv[1])
root = here.parents[3]


def texts():
    drawn = random.Random(6)
    found = []
    for definition in json.loads((root / "sdk-kb/data/mavlink.json").read_text()):
        text = " ".join(str(definition.get(key, "")) for key in ("name", "description")).strip()
        if len(text) > 20:
            found.append(text)
    found = drawn.sample(sorted(set(found)), 110)
    for brief in sorted((root / "examples").glob("*/brief.md"))[:40]:
        found.append(brief.read_text().strip()[:1500])
    found += [
        "take off to 10 m, fly a 40 m square at 5 m/s, then return and land",
        "how do I convert a number between bases?", "error[E0382]: borrow of moved value: `vehicle`",
        "SET_POSITION_TARGET_LOCAL_NED", "goto_ned(north, east, down)", "E0499", "let x = vec![1, 2, 3];",
        "Fliege 30 m nach Osten und lande", "höhe über dem boden", "起飞到十米", "взлететь на 10 м", "météo: vent 5 m/s",
        "a", "the", "?!", "...", "   spaces   around   ", "tab\tand\nnewline", "emoji \U0001F681 drone", "ALL CAPS SENTENCE",
        "naïve café résumé", "x" * 300, "word " * 600, "0x1F 0b1010 0o17 3.14159 1e-9", "CamelCaseIdentifierName",
        "snake_case_identifier_name", "https://mavlink.io/en/messages/common.html", "e-mail me@example.org", "[PAD] [CLS] <s>",
        "don't can't won't", "1,000,000 items", "±5 °C, µs, Ω", "\u200bzero width", "ﬁ ligature", "½ cup",
    ]
    words = "climb descend hover orbit photo battery wind gust fence geofence home launch gimbal camera servo param".split()
    while len(found) < 200:
        found.append(" ".join(drawn.choice(words) for _ in range(drawn.randint(2, 14))))
    return found[:200]


def write(name, vectors):
    vectors = np.asarray(vectors, dtype="<f4")
    assert vectors.shape[0] == 200 and np.isfinite(vectors).all(), vectors.shape
    (here / name).write_bytes(vectors.tobytes())
    print(name, vectors.shape)


texts = texts()
(here / "texts.jsonl").write_text("".join(json.dumps(text, ensure_ascii=True) + "\n" for text in texts))

from sentence_transformers import SentenceTransformer  # noqa: E402

model = SentenceTransformer(str(models / "minilm"), device="cpu")
write("minilm.f32", [model.encode([text], normalize_embeddings=True, convert_to_numpy=True)[0] for text in texts])

from safetensors.numpy import load_file  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from wordllama.inference import WordLlamaInference  # noqa: E402

table = load_file(models / "wordllama/model.safetensors")["embedding.weight"]
tokenizer = Tokenizer.from_file(str(models / "wordllama/tokenizer.json"))
write("wordllama.f32", WordLlamaInference(table, tokenizer).embed(texts, norm=True))

from model2vec import StaticModel  # noqa: E402

model = StaticModel.from_pretrained(str(models / "model2vec"))
# The table is in half precision; NumPy would add up in it as well.
model.embedding = model.embedding.astype("float32")
write("model2vec.f32", model.encode(texts, max_length=512))
