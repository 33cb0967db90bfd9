export {Client, Credentials} from "./client";
export {CarouselError} from "./errors";
export {Operation} from "./operation";
