#!/usr/bin/env python3
"""Appends a file to a disc, verified: append.py ADDRESS DISC DRIVE FILE. Exit code 3 if the disc takes no other session."""

import os
import sys

from carousel.v1 import disc_format_pb2, image_pb2, robot_pb2

from carousel_client import CarouselError, Client


def main(address: str, disc: str, drive: str, path: str) -> int:
    drive = "drives/" + drive
    with Client(address) as client:
        client.robot.LoadDisc(robot_pb2.LoadDiscRequest(disc="discs/" + disc, drive=drive)).wait()
        try:
            interfaces = client.formats.GetMultisessionInterfaces(disc_format_pb2.DiscFormatServiceGetMultisessionInterfacesRequest(drive=drive))
            image = client.images.CreateImage(image_pb2.CreateImageRequest()).name
            # May the disc take another session? The error has IMAPI's name for why not.
            client.images.SetMultisessionInterfaces(image_pb2.SetMultisessionInterfacesRequest(
                image=image, multisession_interfaces=interfaces.multisession_interfaces))
            client.images.ImportFileSystem(image_pb2.ImportFileSystemRequest(image=image)).wait()
            client.upload(image, path, "/" + os.path.basename(path))
            client.images.CreateResultImage(image_pb2.CreateResultImageRequest(image=image)).wait()
            burn = client.formats.WriteImage(disc_format_pb2.WriteImageRequest(
                image=image, drive=drive, verification=disc_format_pb2.WriteImageRequest.VERIFICATION_FULL))
            burned = burn.wait(progress=lambda metadata: print(metadata.action if metadata else "", file=sys.stderr))
            print("session %d: %s" % (burned.session_number, burned.disc))
        except CarouselError as error:
            print("%s: %s" % (error.imapi_name or error.reason, error.message), file=sys.stderr)
            return 3
        finally:
            client.robot.UnloadDisc(robot_pb2.UnloadDiscRequest(drive=drive)).wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
