// Amazon's SNS and SQS on 127.0.0.1, for sinks_test.py: prints its port, ends when standard input does.
import { buildApp } from "fauxqs";

const app = buildApp({ logger: false });
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
process.stdin.on("end", () => process.exit(0)).resume();
