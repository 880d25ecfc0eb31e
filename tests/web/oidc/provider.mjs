// A certified OpenID provider on this machine, whose own forms let anybody in by any name.
// node provider.mjs PORT ADDRESS_OF_THE_ANSWER
import Provider from "oidc-provider";

const [port, answer] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{client_id: "entente", client_secret: "a secret of this test", redirect_uris: [answer]}],
  cookies: {keys: ["a key of this test"]},
  findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id})}),
  features: {devInteractions: {enabled: true}},
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
