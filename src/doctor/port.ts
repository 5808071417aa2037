/** Whether the chat page's port can be had. Asked only while no service runs. Built by doctoring.ts. */
import { createServer } from "node:net";
import { ill, well, type Examination, type Finding } from "./finding.ts";

export function lookAtPort(host: string, port: number): Examination {
  return { subject: "port", look: async () => [await taken(host, port)] };
}

async function taken(host: string, port: number): Promise<Finding> {
  const code = await tryListening(host, port);
  if (code === undefined) return well("port", `${port} on ${host} is free.`);
  if (code === "EADDRINUSE") {
    return ill("port", `Another program listens on ${port} of ${host}.`, "End it, or set NOVA_PORT to another port.");
  }
  if (code === "EACCES") {
    return ill("port", `This user may not listen on ${port}.`, "Set NOVA_PORT to one above 1023.");
  }
  return ill("port", `${host} is no address to listen on (${code}).`, "Correct NOVA_HOST.");
}

/** Undefined when it could be had, else the system's code. */
async function tryListening(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ host, port, exclusive: true }, resolve);
    });
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
