// A real identity provider for the stories: oidc-provider, which enforces PKCE, on a loopback port.
//
// node provider.mjs <folder of node_modules> <port> <redirect uri> <file of accounts>
// The file of accounts is JSON ({sub: claims}) and read at every sign-on, so a story changes groups by writing it.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, port, redirect, accounts] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(join(modules, "oidc-provider/lib/index.js")));
const issuer = `http://localhost:${port}`;
const account = (sub) => JSON.parse(readFileSync(accounts, "utf8"))[sub];

const provider = new Provider(issuer, {
  clients: [{
    client_id: "watchfire",
    client_secret: "a secret of the stories alone & more",
    redirect_uris: [redirect],
    response_types: ["code"],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: "client_secret_basic",
  }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  findAccount: (_, sub) => account(sub) && { accountId: sub, claims: () => ({ sub, ...account(sub) }) },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["of the stories alone"] },
  // Nobody is asked whether they agree: the organisation's provider has agreed for them.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});
provider.on("server_error", (_, error) => console.error(error));

const handle = provider.callback();
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (!pathname.startsWith("/interaction/")) return handle(request, response);
  try {
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      return response.end(`<!doctype html><html lang="en"><title>Example identity</title><h1>Example identity</h1>
        <form method="post"><label>Who <input name="sub" id="sub"></label><button>Continue</button></form>`);
    }
    let body = "";
    for await (const part of request) body += part;
    const accountId = new URLSearchParams(body).get("sub");
    const result = account(accountId) ? { login: { accountId } } : { error: "access_denied", error_description: "nobody of that name" };
    return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    return response.end("the interaction failed");
  }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
