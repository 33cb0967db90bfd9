#!/usr/bin/python3
"""An SPDX 2.3 document of an image: sbom.py PACKAGES PROGRAM... >DOCUMENT. PACKAGES: lines of name, version and architecture."""

import datetime
import hashlib
import json
import os
import sys


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        lines = [line.split() for line in file]
    packages = [{
        "SPDXID": "SPDXRef-Package-%s" % name.replace("+", "-plus-"),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": "pkg:deb/debian/%s@%s?arch=%s&distro=bookworm" % (name, version, architecture)}],
    } for name, version, architecture in lines]
    files = []
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        name = os.path.basename(path)
        files.append({"SPDXID": "SPDXRef-File-" + name, "fileName": "./usr/bin/" + name,
                      "checksums": [{"algorithm": "SHA256", "checksumValue": digest}]})
    everything = json.dumps([packages, files], sort_keys=True).encode()
    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    json.dump({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "carousel",
        "documentNamespace": "https://carousel.dev/spdx/" + hashlib.sha256(everything).hexdigest(),
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: deploy/container/build"]},
        "packages": packages,
        "files": files,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": item["SPDXID"]}
                          for item in packages + files],
    }, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
