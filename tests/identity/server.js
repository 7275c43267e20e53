// A certified OpenID provider on a port of loopback that it prints. It is told to lie by POST /lie/KIND (none: the truth), and to
// put its key away for another by POST /rotate.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import Provider from 'oidc-provider';

const PEOPLE = {
  sam: ['sam@practice.example', true],
  successor: ['sam@practice.example', true],
  stranger: ['stranger@elsewhere.example', true],
  unverified: ['sam@practice.example', false],
};
const LIES = {
  audience: (claims) => ({ ...claims, aud: 'another-client' }),
  issuer: (claims) => ({ ...claims, iss: 'https://elsewhere.example' }),
  nonce: (claims) => ({ ...claims, nonce: 'another' }),
  expired: (claims) => ({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
  at_hash: (claims) => ({ ...claims, at_hash: 'another' }),
  azp: (claims) => ({ ...claims, aud: [claims.aud, 'another-client'], azp: 'another-client' }),
  long_ago: (claims) => ({ ...claims, auth_time: claims.iat - 7200 }),
};
let issuer, provider, key, lie;

async function renew() {
  const kid = randomUUID();
  const made = await generateKeyPair('RS256', { extractable: true });
  key = { kid, private: made.privateKey };
  provider = new Provider(issuer, {
    clients: [{
      client_id: 'the-desk', client_secret: 'a-secret-of-the-tests', redirect_uris: ['http://localhost/back'],
      token_endpoint_auth_method: 'client_secret_post',
    }],
    jwks: { keys: [{ ...(await exportJWK(made.privateKey)), kid, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (ctx, id) => PEOPLE[id] && {
      accountId: id, claims: () => ({ sub: id, email: PEOPLE[id][0], email_verified: PEOPLE[id][1] }),
    },
  });
  const loopback = (uri) => /^http:\/\/(localhost|127\.0\.0\.1):\d+\//.test(uri);
  provider.Client.prototype.redirectUriAllowed = loopback;
  provider.Client.prototype.postLogoutRedirectUriAllowed = loopback;
  provider.use(async (ctx, next) => {
    await next();
    if (typeof ctx.body === 'string') ctx.body = ctx.body.replace(/@import url\([^)]*\);/g, '');  // fonts from elsewhere
    if (lie && ctx.path === '/token' && ctx.body?.id_token) ctx.body.id_token = await lied(ctx.body.id_token);
  });
}

async function lied(token) {
  const claims = decodeJwt(token);
  if (lie === 'unsigned') return new UnsecuredJWT(claims).encode();
  const header = { alg: lie === 'secret' ? 'HS256' : 'RS256', kid: key.kid };
  if (lie === 'secret') return sign(claims, header, new TextEncoder().encode('a-secret-of-the-tests, made longer'));
  if (lie === 'forged') return sign(claims, header, (await generateKeyPair('RS256')).privateKey);
  return sign(LIES[lie](claims), header, key.private);
}

const sign = (claims, header, by) => new SignJWT(claims).setProtectedHeader(header).sign(by);

const server = createServer(async (request, response) => {
  if (request.method === 'POST' && request.url.startsWith('/lie/')) lie = request.url.slice(5) || undefined;
  else if (request.method === 'POST' && request.url === '/rotate') await renew();
  else return provider.callback()(request, response);
  response.writeHead(204).end();
});
server.listen(0, '127.0.0.1', async () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  await renew();
  console.log(server.address().port);
});
process.stdin.on('end', () => process.exit(0)).resume();  // whoever started it is gone
