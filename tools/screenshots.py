"""Take the pictures of the README from the demo, in headless Chromium. Run by `make screenshots`."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Serve a fresh demo and picture the coverage page."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "IKRAR_HOME": home, "IKRAR_BASE_URL": f"http://localhost:{port}"}
        ikrar = [sys.executable, "-m", "ikrar"]
        subprocess.run([*ikrar, "load-scenario", "all", "--today", "2024-10-25"], env=environment, cwd=ROOT, check=True)
        server = subprocess.Popen([*ikrar, "serve", "--port", str(port)], env=environment, cwd=ROOT)
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"http://localhost:{port}/sehat/", timeout=2)
                    break
                except OSError:
                    time.sleep(0.25)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page(base_url=f"http://localhost:{port}", viewport={"width": 1280, "height": 820})
                page.goto("/")
                page.click("button[value=programme_officer]")
                page.click("text=Lihat cakupan per unit")
                IMAGES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=IMAGES / "coverage.png")
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
