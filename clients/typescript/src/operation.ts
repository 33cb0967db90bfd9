// Long work of the service: waiting for it, watching it, asking for its end.
import * as grpc from "@grpc/grpc-js";

import type {OperationsClient} from "../gen/google/longrunning/Operations";
import type {Operation__Output} from "../gen/google/longrunning/Operation";
import {CarouselError} from "./errors";
import {protos} from "./protos";

const POLL_SECONDS = 1;
const CALL_SECONDS = 30;
// A service that restarts, or a network that is gone for a while, does not end the wait; the operation goes on or is told after the restart.
const GIVE_UP_SECONDS = 60;

export const pause = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1000));
export const deadlineIn = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

function unpack<Message>(any: {type_url: string; value: Buffer} | null): Message | undefined {
  if (any === null || any.type_url === "") return undefined;
  return protos().decode<Message>(any.type_url.slice(any.type_url.lastIndexOf("/") + 1), any.value);
}

// One operation, as it was last seen.
export class Operation<Response, Metadata> {
  constructor(
    private readonly stub: OperationsClient,
    private seen: Operation__Output,
  ) {}

  // `operations/{operation}`: whoever has it can wait for it from another process.
  get name(): string {
    return this.seen.name;
  }
  get done(): boolean {
    return this.seen.done;
  }
  // How far it is.
  get metadata(): Metadata | undefined {
    return unpack<Metadata>(this.seen.metadata as never);
  }

  // Waits for its end; calls `progress` about each second. Throws CarouselError if it has failed.
  async wait(progress?: (metadata: Metadata | undefined) => void): Promise<Response> {
    let lastAnswer = Date.now();
    while (!this.seen.done) {
      try {
        this.seen = await new Promise<Operation__Output>((resolve, reject) =>
          this.stub.WaitOperation({name: this.name, timeout: {seconds: POLL_SECONDS}}, {deadline: deadlineIn(CALL_SECONDS)}, (error, answer) =>
            error ? reject(CarouselError.ofCall(error)) : resolve(answer!),
          ),
        );
        lastAnswer = Date.now();
        progress?.(this.metadata);
      } catch (error) {
        const transient =
          error instanceof CarouselError && (error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.DEADLINE_EXCEEDED);
        if (!transient || Date.now() - lastAnswer > GIVE_UP_SECONDS * 1000) throw error;
        await pause(POLL_SECONDS);
      }
    }
    if (this.seen.error) throw CarouselError.ofStatus(this.seen.error as never);
    return unpack<Response>(this.seen.response as never)!;
  }

  // Asks for its end at the next safe point; wait() tells what came of it.
  cancel(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.stub.CancelOperation({name: this.name}, {deadline: deadlineIn(CALL_SECONDS)}, (error) =>
        error ? reject(CarouselError.ofCall(error)) : resolve(),
      ),
    );
  }
}
