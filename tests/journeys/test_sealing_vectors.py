"""The browser's keys, seals, codes and key sets are those of Python: both keep tests/corpora/sealing.json."""

import base64
import hashlib
import io
import json
import re
from pathlib import Path

import brotli
import pyrage
import pytest

import ikrar
from ikrar.domain import return_codes
from ikrar.domain.code_words import WORDS
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key
from tests.domain.sealing_corpus import vectors

STATIC = Path(ikrar.__file__).parent / "web" / "static"
TYPES = {".js": "text/javascript", ".html": "text/html"}
# A place that browsers take for safe, as they must for their own cryptography; nothing listens there.
ORIGIN = "http://localhost:1"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"

DIFFERENCES = """
async (v) => {
  const core = await import("/sealing/core.js");
  const found = [];
  const equal = (about, got, expected) => {
    if (JSON.stringify(got) !== JSON.stringify(expected)) found.push([about, got, expected]);
  };
  const refusal = async (act) => { try { return await act(); } catch (error) { return error; } };
  for (const key of v.keys) {
    const secret = core.fromHex(key.secret), message = core.fromHex(key.message);
    equal("identity", core.identityText(secret), key.identity);
    equal("recipient", await core.recipientOf(secret), key.recipient);
    equal("verifier", await core.verifierOf(secret), key.verifier);
    equal("signature", await core.sign(secret, message), key.signature);
    equal("verified", await core.verify(key.verifier, key.signature, message), true);
    equal("other message", await core.verify(key.verifier, key.signature, core.utf8("x")), false);
    const typed = key.identity.toLowerCase().replace(/(.{4})/g, "$1 \\n").replaceAll("0", "o").replaceAll("8", "b");
    equal("typed", core.hex(core.secretOf(typed)), key.secret);
    equal("typed without its beginning", core.hex(core.secretOf(key.identity.slice(16))), key.secret);
    const last = key.identity.endsWith("Q") ? "P" : "Q";
    equal("one sign off", (await refusal(() => core.secretOf(key.identity.slice(0, -1) + last))).code, "identity_wrong");
  }
  for (const text of v.recipients_wrong) equal(`recipient ${text}`, core.isRecipient(text), false);
  for (const code of v.codes) {
    const made = await core.newReturnCode(core.fromHex(code.drawn));
    equal("code", [made.text, made.lookup, core.hex(made.secret)], [code.text, code.lookup, code.secret]);
  }
  for (const { typed, ...expected } of v.typed) {
    const got = await refusal(() => core.readReturnCode(typed));
    const told = got.text ? { text: got.text } : { word: got.word, meant: got.meant, count: got.count ?? 0 };
    equal(`typed ${typed}`, told, expected);
  }
  for (const { document, size, digest } of v.padded) {
    const bytes = core.padded(document);
    equal("padded", [bytes.length, core.digest(bytes)], [size, digest]);
    equal("unpadded", core.unpadded(bytes), document);
  }
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  for (const { identity, sealed, digest } of v.seals) {
    equal("seal", core.digest(await core.unseal(bytes(sealed), identity)), digest);
    const broken = bytes(sealed);
    broken[broken.length - 1] ^= 1;
    equal("broken seal", (await refusal(() => core.unseal(broken, identity))).code, "seal_broken");
    equal("other key", (await refusal(() => core.unseal(bytes(sealed), v.keys[2].identity))).code, "seal_broken");
  }
  const { passphrase, wrapped, identity } = v.wrapped;
  equal("wrapped", core.identityText(await core.unwrap(wrapped, passphrase)), identity);
  const four = passphrase.toUpperCase().split(" ").map((word) => word.slice(0, 4)).join(", ");
  equal("wrapped, four letters", core.identityText(await core.unwrap(wrapped, four)), identity);
  const other = passphrase.replace("abadi", "zebra");
  equal("other passphrase", (await refusal(() => core.unwrap(wrapped, other))).code, "passphrase_wrong");
  const { body, user, recipient, verifier, signature } = v.proof;
  equal("proof", await core.verify(verifier, signature, core.proofMessage(body, user, recipient)), true);
  for (const { about, links, reason, digest, fingerprint } of v.chains) {
    const got = await refusal(() => core.checkChain(links));
    const told = got instanceof core.Refused ? [got.reason, "", ""] : [ "", core.digestOf(got), core.fingerprintOf(got)];
    equal(`chain: ${about}`, told, [reason, digest, fingerprint]);
  }
  const { means } = await import("/sealing/names.js");
  for (const { typed, name, ...expected } of v.names) equal(`${typed} for ${name}`, { means: means(typed, name) }, expected);
  const own = await import("/sealing/prints.js");
  for (const { address, page } of v.pages) equal(`page ${address}`, own.normalised(address), page);
  const { secret, check, sha256, evidence, address, page, deed, deed_print } = v.prints;
  const bodys = core.fromHex(secret);
  equal("check of a secret", core.hex(core.derived(bodys, "ikrar/body-secret/check/v1")), check);
  equal("prints", [own.evidencePrint(bodys, sha256), own.pagePrint(bodys, address), own.matterPrint(bodys, deed)], [evidence, page, deed_print]);
  return found;
}
"""


@pytest.fixture
def page(browser):
    """A page that may load our static files and nothing else."""
    context = browser.new_context()

    def answer(route):
        path = STATIC / route.request.url.removeprefix(f"{ORIGIN}/")
        if path.name == "page.html":
            route.fulfill(body="<!doctype html><title>Uji</title>", content_type="text/html",
                          headers={"Content-Security-Policy": POLICY})  # fmt: skip
        else:
            route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])

    context.route("**/*", answer)
    opened = context.new_page()
    opened.goto(f"{ORIGIN}/page.html")
    yield opened
    context.close()


def test_the_browser_keeps_every_vector(page):
    assert page.evaluate(DIFFERENCES, vectors()) == []


def test_so_does_an_older_browser_without_a_key_exchange_of_its_own(page):
    page.evaluate(
        "() => { crypto.subtle.importKey = async () => { throw new DOMException('no', 'NotSupportedError'); }; }"
    )
    assert page.evaluate(DIFFERENCES, vectors()) == []


def test_what_the_browser_seals_age_opens_and_the_other_way_round(page):
    key = Key.new()
    sealed = page.evaluate(
        """async ([to, other]) => {
          const core = await import("/sealing/core.js");
          const written = await core.seal(core.padded({ v: 1, what: "Pak Camat ±" }), [other, to]);
          return btoa(String.fromCharCode(...written));
        }""",
        [key.recipient, Key.new().recipient],
    )
    assert json.loads(sealing.unseal(base64.b64decode(sealed), key.identity)) == {"v": 1, "what": "Pak Camat ±"}
    target = io.BytesIO()
    sealer = sealing.Sealer([key.recipient], target)
    for number in range(40):
        sealer.write(bytes([number]) * 50_000)
    sealer.close()
    digest = hashlib.sha256(b"".join(bytes([number]) * 50_000 for number in range(40))).hexdigest()
    opened = page.evaluate(
        """async ([sealed, identity]) => {
          const core = await import("/sealing/core.js");
          const bytes = Uint8Array.from(atob(sealed), (each) => each.charCodeAt(0));
          const whole = core.digest(await core.unseal(bytes, identity));
          const stream = await core.unseal(new Blob([bytes]).stream(), identity);
          return [whole, core.digest(new Uint8Array(await new Response(stream).arrayBuffer()))];
        }""",
        [base64.b64encode(target.getvalue()).decode(), key.identity],
    )
    assert opened == [digest, digest]


def test_a_stream_is_sealed_as_it_comes(page):
    key = Key.new()
    sealed = page.evaluate(
        """async (to) => {
          const core = await import("/sealing/core.js");
          const content = new Uint8Array(300_000).fill(7);
          const stream = await core.seal(new Blob([content]).stream(), [to]);
          const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
          if (bytes.length !== stream.size(content.length)) throw new Error("size");
          let text = "";
          for (const each of bytes) text += String.fromCharCode(each);
          return btoa(text);
        }""",
        key.recipient,
    )
    assert sealing.unseal(base64.b64decode(sealed), key.identity) == b"\7" * 300_000


def test_a_key_that_the_browser_wraps_any_age_tool_opens_with_the_words_alone(page):
    secret, passphrase, wrapped = page.evaluate(
        """async () => {
          const core = await import("/sealing/core.js");
          const key = await core.newKey();
          const passphrase = await core.newPassphrase();
          return [core.hex(key.secret), passphrase, await core.wrap(key.secret, passphrase)];
        }"""
    )
    assert len(passphrase.split()) == 7 and set(passphrase.split()) <= set(WORDS)
    header = base64.b64decode("".join(wrapped.strip().splitlines()[1:-1]))
    assert re.search(rb"-> scrypt \S+ 16\n", header), "64 MiB a guess"
    opened = pyrage.passphrase.decrypt(wrapped.encode(), passphrase).decode()
    assert opened.strip() == Key(bytes.fromhex(secret)).identity


def test_a_code_that_the_browser_makes_is_found_by_the_server_without_the_code(page):
    text, lookup, secret = page.evaluate(
        """async () => {
          const core = await import("/sealing/core.js");
          const code = await core.newReturnCode();
          return [code.text, code.lookup, core.hex(code.secret)];
        }"""
    )
    code = return_codes.read(text)
    assert (code.lookup.hex(), code.secret().hex()) == (lookup, secret)
    assert return_codes.finder_of(bytes.fromhex(lookup), b"p" * 32) == code.finder(b"p" * 32)


def test_nothing_is_sealed_to_nobody_or_to_a_key_of_another_kind(page):
    refused = page.evaluate(
        """async () => {
          const core = await import("/sealing/core.js");
          const code = (to) => core.seal("x", to).then(() => "sealed", (error) => error.code);
          return [await code([]), await code(["age1"]), await code(["age1pq1xyz"])];
        }"""
    )
    assert refused == ["sealed_to_nobody", "recipient_wrong", "recipient_wrong"]


def test_what_a_reporter_loads_to_seal_is_small():
    sizes = {
        name: len(brotli.compress((STATIC / name).read_bytes()))
        for name in ("vendor/age-seal.js", "sealing/core.js", "vendor/code-words.js")
    }
    assert sizes["vendor/age-seal.js"] < 40_000 and sum(sizes.values()) < 45_000, sizes


def test_the_words_of_the_browser_are_those_of_python():
    assert (STATIC / "vendor" / "code-words.js").read_text() == f'export default "{" ".join(WORDS)}".split(" ");\n'
