"""What a user of tuspy does: an upload in chunks with checksums, interrupted and resumed. Arguments: address of /uploads, API key, file."""

import hashlib
import http.client
import os
import sys
from urllib.parse import urljoin, urlsplit

from tusclient import client

endpoint, key, path = sys.argv[1:]
size = os.path.getsize(path)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"tuspy: {what} is {found} where {wanted} was expected")


def request(method, url, body=None, headers=None):
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    connection.request(method, address.path, body, {"X-Api-Key": key, **(headers or {})})
    return connection.getresponse()


tus = client.TusClient(endpoint, headers={"X-Api-Key": key})
metadata = {"filename": "by tuspy.bin", "filetype": "application/x-own"}
uploader = tus.uploader(path, chunk_size=2 * 1024 * 1024, metadata=metadata, upload_checksum=True)
uploader.upload(stop_at=4 * 1024 * 1024)
expect("the offset after two chunks", uploader.offset, 4 * 1024 * 1024)

# A connection that breaks in the middle of a chunk: what has arrived is kept.
address = urlsplit(uploader.url)
broken = http.client.HTTPConnection(address.hostname, address.port)
broken.putrequest("PATCH", address.path)
for name, value in {
    "X-Api-Key": key, "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": str(uploader.offset), "Content-Length": str(size - uploader.offset),
}.items():
    broken.putheader(name, value)
broken.endheaders()
with open(path, "rb") as file:
    file.seek(uploader.offset)
    broken.send(file.read(1_000_000))
broken.close()

resumed = tus.uploader(path, url=uploader.url, chunk_size=3 * 1024 * 1024)
if not 4 * 1024 * 1024 <= resumed.offset <= 4 * 1024 * 1024 + 1_000_000:
    expect("the offset after a broken connection", resumed.offset, "what arrived before")
resumed.upload()

result = resumed.request.response_headers["upload-result"]
download = request("GET", urljoin(endpoint, result))
expect("the status of the download", download.status, 200)
expect("the content type", download.headers["Content-Type"], "application/x-own")
with open(path, "rb") as file:
    expect("the SHA-256", hashlib.sha256(download.read()).hexdigest(), hashlib.file_digest(file, "sha256").hexdigest())
