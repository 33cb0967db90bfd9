// The API's messages and services, read from the .proto files that the package brings.
import * as path from "node:path";

import * as grpc from "@grpc/grpc-js";
import * as loader from "@grpc/proto-loader";

const FILES = [
  "carousel/v1/robot.proto",
  "carousel/v1/disc_format.proto",
  "carousel/v1/image.proto",
  "google/longrunning/operations.proto",
  "google/rpc/status.proto",
  "google/rpc/error_details.proto",
];

class Protos {
  private readonly definition = loader.loadSync(FILES, {
    includeDirs: [path.join(__dirname, "../../protos")],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  readonly packages = grpc.loadPackageDefinition(this.definition);

  // A message of the name, from its bytes.
  decode<Message>(name: string, bytes: Buffer): Message {
    const type = this.definition[name] as loader.MessageTypeDefinition<object, object>;
    if (type === undefined) throw new Error(`no message ${name}`);
    return type.deserialize(bytes) as Message;
  }
}

let loaded: Protos | undefined;
export function protos(): Protos {
  loaded ??= new Protos();
  return loaded;
}
