// The service's methods as promises, with deadlines, errors with names, and repetition where it is safe.
import {createHash, randomUUID} from "node:crypto";
import {createReadStream, readFileSync, statSync} from "node:fs";

import * as grpc from "@grpc/grpc-js";

import type {DiscFormatServiceClient} from "../gen/carousel/v1/DiscFormatService";
import type {FileSystemImageServiceClient} from "../gen/carousel/v1/FileSystemImageService";
import type {Image__Output} from "../gen/carousel/v1/Image";
import type {RobotServiceClient} from "../gen/carousel/v1/RobotService";
import type {Upload__Output} from "../gen/carousel/v1/Upload";
import type {UploadFileResponse__Output} from "../gen/carousel/v1/UploadFileResponse";
import type {Operation__Output} from "../gen/google/longrunning/Operation";
import type {OperationsClient} from "../gen/google/longrunning/Operations";
import {CarouselError} from "./errors";
import {deadlineIn, Operation, pause} from "./operation";
import {protos} from "./protos";

const PIECE = 256 * 1024;
const ATTEMPTS = 5;
const FIRST_PAUSE = 0.2;
// Reading again changes nothing.
const READS = /^(Get|List|Describe|Identify|Calculate|Wait)/;

// Files in PEM: the authority of the service's certificate, and one's own certificate and key.
export interface Credentials {
  ca: string;
  certificate: string;
  key: string;
}

interface Start {
  image: string;
  path: string;
  upload_id: string;
  size_bytes: string;
  sha256: Buffer;
}

// Whether a stream may be gone on with. The first one's end may not have been noticed yet.
function isBroken(error: unknown): boolean {
  return error instanceof CarouselError && (error.code === grpc.status.UNAVAILABLE || error.reason === "UPLOAD_BUSY");
}

type Unary<Request, Response> = (request: Request, options: grpc.CallOptions, done: (error: grpc.ServiceError | null, answer?: Response) => void) => grpc.ClientUnaryCall;

async function withRetries<Response>(call: () => Promise<Response>, repeatable: boolean): Promise<Response> {
  for (let attempt = 1; ; ++attempt) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CarouselError) || error.code !== grpc.status.UNAVAILABLE || !repeatable || attempt === ATTEMPTS) throw error;
      // A drive that is in use stays so for hours: that is the caller's to wait for.
      if (error.reason === "E_IMAPI_RECORDER_LOCKED") throw error;
      await pause((error.retrySeconds ?? FIRST_PAUSE * 2 ** attempt) * (0.8 + 0.4 * Math.random()));
    }
  }
}

// A connection to one robot's service.
export class Client {
  readonly robot: RobotServiceClient;
  readonly formats: DiscFormatServiceClient;
  readonly images: FileSystemImageServiceClient;
  readonly operations: OperationsClient;

  // Without credentials: a service on this machine.
  constructor(
    address: string,
    credentials?: Credentials,
    private readonly timeoutSeconds = 60,
  ) {
    const channel = credentials
      ? grpc.credentials.createSsl(readFileSync(credentials.ca), readFileSync(credentials.key), readFileSync(credentials.certificate))
      : grpc.credentials.createInsecure();
    const packages = protos().packages as never as {
      carousel: {v1: Record<string, grpc.ServiceClientConstructor>};
      google: {longrunning: Record<string, grpc.ServiceClientConstructor>};
    };
    const make = (constructor: grpc.ServiceClientConstructor): never => new constructor(address, channel) as never;
    this.robot = make(packages.carousel.v1.RobotService);
    this.formats = make(packages.carousel.v1.DiscFormatService);
    this.images = make(packages.carousel.v1.FileSystemImageService);
    this.operations = make(packages.google.longrunning.Operations);
  }

  close(): void {
    for (const stub of [this.robot, this.formats, this.images, this.operations]) stub.close();
  }

  // Calls `service`[`name`]. Repeated on UNAVAILABLE if that can do nothing twice: what reads, and what has a request_id, which
  // `request` gets if it has none.
  async call<Response>(service: grpc.Client, name: string, request: Record<string, unknown>): Promise<Response> {
    const definition = (service.constructor as grpc.ServiceClientConstructor).service[name];
    if (definition === undefined) throw new Error(`no method ${name}`);
    const type = definition as unknown as {requestType: {type: {field: {name: string}[]}}};
    const starts = type.requestType.type.field.some((field) => field.name === "request_id");
    if (starts && !request.request_id) request.request_id = randomUUID();
    const method = (service as unknown as Record<string, Unary<unknown, Response>>)[name].bind(service);
    return withRetries(
      () =>
        new Promise<Response>((resolve, reject) =>
          method(request, {deadline: deadlineIn(this.timeoutSeconds)}, (error, answer) => (error ? reject(CarouselError.ofCall(error)) : resolve(answer!))),
        ),
      starts || READS.test(name),
    );
  }

  // The same of a method that starts an operation.
  async start<Response, Metadata = unknown>(service: grpc.Client, name: string, request: Record<string, unknown>): Promise<Operation<Response, Metadata>> {
    return new Operation(this.operations, await this.call<Operation__Output>(service, name, request));
  }

  // One that was started before, by its name.
  async operation<Response, Metadata = unknown>(name: string): Promise<Operation<Response, Metadata>> {
    return new Operation(this.operations, await this.call<Operation__Output>(this.operations, "GetOperation", {name}));
  }

  // Puts the file `source` into the image at `path`. A stream that breaks is gone on with where it ended. The image after it.
  async upload(image: string, source: string, path: string): Promise<Image__Output> {
    const digest = createHash("sha256");
    for await (const piece of createReadStream(source)) digest.update(piece as Buffer);
    const start = {image, path, upload_id: randomUUID(), size_bytes: String(statSync(source).size), sha256: digest.digest()};
    for (let attempt = 1; ; ++attempt) {
      try {
        return await this.send(start, source, attempt === 1 ? 0 : await this.received(start));
      } catch (error) {
        if (!isBroken(error) || attempt === ATTEMPTS) throw error;
        await pause(FIRST_PAUSE * 2 ** attempt);
      }
    }
  }

  // How much of an upload is safe with the service.
  private async received({image, upload_id}: Start): Promise<number> {
    try {
      return Number((await this.call<Upload__Output>(this.images, "GetUpload", {image, upload_id})).durable_offset);
    } catch (error) {
      if (error instanceof CarouselError && error.code === grpc.status.NOT_FOUND) return 0;
      throw error;
    }
  }

  // One stream of an upload, from `offset` on.
  private send(start: Start, source: string, offset: number): Promise<Image__Output> {
    return new Promise<Image__Output>((resolve, reject) => {
      let ended = false;
      const stream = this.images.UploadFile((error: grpc.ServiceError | null, answer?: UploadFileResponse__Output) => {
        ended = true;
        stream.emit("drain"); // whoever waits for room
        if (error) reject(CarouselError.ofCall(error));
        else resolve(answer!.image!);
      });
      stream.on("error", () => undefined); // the callback has it
      const write = async (): Promise<void> => {
        stream.write({start});
        for await (const piece of createReadStream(source, {start: offset, highWaterMark: PIECE})) {
          if (ended) return;
          const data = piece as Buffer;
          const room = stream.write({chunk: {offset: String(offset), data}});
          offset += data.length;
          if (!room && !ended) await new Promise((done) => stream.once("drain", done));
        }
        stream.end();
      };
      write().catch((error: unknown) => {
        stream.cancel();
        reject(error);
      });
    });
  }
}
