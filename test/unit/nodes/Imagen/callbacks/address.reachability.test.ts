import { callbackUrlProblem } from '../../../../../nodes/Imagen/callbacks/address';

const IMAGEN = 'https://api.imagen-ai.com/v1';
const SANDBOX = 'http://127.0.0.1:4010/v1';

test.each([
	'https://n8n.example.com/webhook/abc?token=1',
	'https://8.8.8.8/hook',
	'https://172.15.0.1/hook',
	'https://10.example.com/hook',
	'https://127.photos.example.com/hook',
	'https://[2600:1f18::1]/hook',
])('Imagen can call %s', (url) => {
	expect(callbackUrlProblem(url, IMAGEN)).toBeUndefined();
});

test.each([
	['n8n.example.com/webhook', 'it is not a full URL'],
	['http://n8n.example.com/webhook', 'it does not start with https://'],
	['https://localhost:5678/webhook', "'localhost' can't be reached from the internet"],
	['https://127.0.0.1/webhook', "'127.0.0.1' can't be reached from the internet"],
	['https://10.1.2.3/webhook', "'10.1.2.3' can't be reached from the internet"],
	['https://172.16.0.1/webhook', "'172.16.0.1' can't be reached from the internet"],
	['https://192.168.1.5/webhook', "'192.168.1.5' can't be reached from the internet"],
	['https://169.254.1.1/webhook', "'169.254.1.1' can't be reached from the internet"],
	['https://100.64.0.1/webhook', "'100.64.0.1' can't be reached from the internet"],
	['https://[::1]/webhook', "'[::1]' can't be reached from the internet"],
	['https://[fd00::1]/webhook', "'[fd00::1]' can't be reached from the internet"],
	['https://[fe80::1]/webhook', "'[fe80::1]' can't be reached from the internet"],
	['https://[::ffff:10.0.0.1]/webhook', "'[::ffff:a00:1]' can't be reached from the internet"],
	['https://nas.local/webhook', "'nas.local' can't be reached from the internet"],
	['https://nas.local./webhook', "'nas.local.' can't be reached from the internet"],
	['https://localhost./webhook', "'localhost.' can't be reached from the internet"],
	['https://0.0.0.0/webhook', "'0.0.0.0' can't be reached from the internet"],
	['https://n8n/webhook', "'n8n' can't be reached from the internet"],
])('the callback URL %s is refused: %s', (url, problem) => {
	expect(callbackUrlProblem(url, IMAGEN)).toBe(problem);
});

test("only a loopback API calls loopback: no other server of one's own does", () => {
	const ownServer = 'https://imagen.example.com/v1';
	expect(callbackUrlProblem('https://127.0.0.1:5678/webhook', ownServer)).toMatch(
		/'127.0.0.1' can't be reached/,
	);
});

test('a sandbox on this machine can call this machine, and no more than that', () => {
	expect(callbackUrlProblem('http://127.0.0.1:5678/webhook', SANDBOX)).toBeUndefined();
	expect(callbackUrlProblem('http://localhost:5678/webhook', SANDBOX)).toBeUndefined();
	expect(callbackUrlProblem('http://192.168.1.5/webhook', SANDBOX)).toBe('it does not start with https://');
});
