// Appends a file to a disc, verified: append ADDRESS DISC DRIVE FILE. Exit code 3 if the disc takes no other session.
import * as path from "node:path";

import type {DiscFormatServiceGetMultisessionInterfacesResponse__Output as Interfaces} from "../gen/carousel/v1/DiscFormatServiceGetMultisessionInterfacesResponse";
import type {Image__Output as Image} from "../gen/carousel/v1/Image";
import type {WriteImageMetadata__Output as Progress} from "../gen/carousel/v1/WriteImageMetadata";
import type {WriteImageResponse__Output as Burned} from "../gen/carousel/v1/WriteImageResponse";
import {CarouselError, Client} from "../src";

async function append(address: string, disc: string, driveId: string, file: string): Promise<number> {
  const drive = `drives/${driveId}`;
  const client = new Client(address);
  try {
    await (await client.start(client.robot, "LoadDisc", {disc: `discs/${disc}`, drive})).wait();
    try {
      const interfaces = await client.call<Interfaces>(client.formats, "GetMultisessionInterfaces", {drive});
      const {name: image} = await client.call<Image>(client.images, "CreateImage", {});
      // May the disc take another session? The error has IMAPI's name for why not.
      await client.call(client.images, "SetMultisessionInterfaces", {image, multisession_interfaces: interfaces.multisession_interfaces});
      await (await client.start(client.images, "ImportFileSystem", {image})).wait();
      await client.upload(image, file, `/${path.basename(file)}`);
      await (await client.start(client.images, "CreateResultImage", {image})).wait();
      const burn = await client.start<Burned, Progress>(client.formats, "WriteImage", {image, drive, verification: "VERIFICATION_FULL"});
      const burned = await burn.wait((metadata) => console.error(metadata?.action));
      console.log(`session ${burned.session_number}: ${burned.disc}`);
      return 0;
    } catch (error) {
      if (!(error instanceof CarouselError)) throw error;
      console.error(`${error.imapiName ?? error.reason}: ${error.message}`);
      return 3;
    } finally {
      await (await client.start(client.robot, "UnloadDisc", {drive})).wait();
    }
  } finally {
    client.close();
  }
}

const [address, disc, drive, file] = process.argv.slice(2);
append(address, disc, drive, file).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
