// What the service says when it refuses or fails.
import * as grpc from "@grpc/grpc-js";

import {protos} from "./protos";

const DETAILS = "grpc-status-details-bin";

interface Status {
  code: number;
  message: string;
  details: {type_url: string; value: Buffer}[];
}

// An error of the service. `reason` is what a program branches on: an IMAPI name ("IMAPI_E_DISC_MISMATCH") or one of the service's own.
export class CarouselError extends Error {
  constructor(
    readonly code: grpc.status,
    message: string,
    readonly reason = "",
    readonly metadata: Readonly<Record<string, string>> = {},
    // When to come back, where the service says so.
    readonly retrySeconds?: number,
  ) {
    super(`${grpc.status[code]} ${reason}: ${message}`);
    this.name = "CarouselError";
  }

  // The IMAPI code, 0xC0AAB158; undefined if the reason is the service's own.
  get hresult(): number | undefined {
    const text = this.metadata.hresult;
    return text === undefined ? undefined : Number(text);
  }

  // The reason, if it is IMAPI's.
  get imapiName(): string | undefined {
    return this.hresult === undefined ? undefined : this.reason;
  }

  // Of an operation that has failed.
  static ofStatus(status: Status): CarouselError {
    let reason = "";
    let metadata: Record<string, string> = {};
    let retry: number | undefined;
    for (const detail of status.details) {
      if (detail.type_url.endsWith("/google.rpc.ErrorInfo")) {
        const info = protos().decode<{reason: string; metadata: Record<string, string>}>("google.rpc.ErrorInfo", detail.value);
        ({reason, metadata} = info);
      } else if (detail.type_url.endsWith("/google.rpc.RetryInfo")) {
        const info = protos().decode<{retry_delay: {seconds: string; nanos: number} | null}>("google.rpc.RetryInfo", detail.value);
        if (info.retry_delay) retry = Number(info.retry_delay.seconds) + info.retry_delay.nanos / 1e9;
      }
    }
    return new CarouselError(status.code, status.message, reason, metadata, retry);
  }

  // Of a call that has failed.
  static ofCall(error: grpc.ServiceError): CarouselError {
    const [details] = error.metadata?.get(DETAILS) ?? [];
    if (details === undefined) return new CarouselError(error.code, error.details);
    return CarouselError.ofStatus(protos().decode<Status>("google.rpc.Status", Buffer.from(details)));
  }
}
