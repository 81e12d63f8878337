import type { FaultRule } from '../../sandbox/sandboxControl.mts';
import type { NodeCall } from './nodeCalls.mts';

/** What a request meets in place of the server: a closed port, a name that does not resolve, or a server without TLS. */
export type NetworkFault = 'refused' | 'dns' | 'tls';

/** A fault as the rules see it. */
export interface Fault {
	name: string;
	/** The sandbox's rule; none where the request never reaches it. */
	rule?: Omit<FaultRule, 'call'>;
	networkFault?: NetworkFault;
	/**
	 * `harmless`: nothing is missing from the answer. `passing`: a retry may succeed. `lasting`: no retry will.
	 * `empty`: an answer that says "nothing yet".
	 */
	nature: 'harmless' | 'passing' | 'lasting' | 'empty';
	/** Whether the server has carried out the request. */
	isDone?: boolean;
	/** Whether the failure proves that the request was not carried out. */
	isCertainlyNotDone?: boolean;
	/** No answer comes, so that time-outs have to be short. */
	isSilent?: boolean;
	/** The calls that can meet it; all if left out. */
	appliesTo?: (call: NodeCall) => boolean;
}

const toApi = ({ to }: NodeCall) => to === 'api';
/** The answers of the others are not read. */
const withJson = ({ to, answers }: NodeCall) => to === 'api' && answers !== 'nothing';
const toStorage = ({ to }: NodeCall) => to === 'storage';
const notRepeatable = ({ repeat }: NodeCall) => repeat !== 'always';
const withKey = ({ key }: NodeCall) => key !== undefined;
const withStatus = ({ answers }: NodeCall) => answers === 'status';
const withLinks = ({ answers }: NodeCall) => answers === 'uploadLinks' || answers === 'downloadLinks';
const withDownloadLinks = ({ answers }: NodeCall) => answers === 'downloadLinks';
const withFile = ({ answers }: NodeCall) => answers === 'file';

const status = (code: number, rest: Partial<FaultRule> = {}): Fault['rule'] => ({
	kind: 'status',
	status: code,
	...rest,
});

const list422 = {
	detail: [{ loc: ['body', 'profile_key'], msg: 'field required', type: 'value_error.missing' }],
};

/** Every fault of the matrix, one a line. */
export const faults: Fault[] = [
	{ name: 'refused', networkFault: 'refused', nature: 'passing', isCertainlyNotDone: true },
	{ name: 'no such host', networkFault: 'dns', nature: 'passing', isCertainlyNotDone: true },
	{ name: 'TLS', networkFault: 'tls', nature: 'lasting', isCertainlyNotDone: true },
	{ name: 'reset before', rule: { kind: 'resetBefore' }, nature: 'passing' },
	{ name: 'reset in mid-body', rule: { kind: 'resetMidBody' }, nature: 'passing', isDone: true },
	{ name: 'reset after', rule: { kind: 'resetAfter' }, nature: 'passing', isDone: true },
	{ name: 'time-out', rule: { kind: 'hang' }, nature: 'passing', isDone: true, isSilent: true },
	{
		name: 'time-out, nothing done',
		rule: { kind: 'hang', done: false },
		nature: 'passing',
		isSilent: true,
		appliesTo: notRepeatable,
	},
	{ name: '401', rule: status(401), nature: 'lasting', isCertainlyNotDone: true },
	{ name: '403', rule: status(403), nature: 'lasting', isCertainlyNotDone: true },
	{ name: '404', rule: status(404), nature: 'lasting', isCertainlyNotDone: true },
	{ name: '409', rule: status(409), nature: 'lasting', isCertainlyNotDone: true },
	{ name: '422 list', rule: status(422, { body: list422 }), nature: 'lasting', isCertainlyNotDone: true },
	{ name: '429', rule: status(429), nature: 'passing', isCertainlyNotDone: true },
	{
		name: '429 Retry-After',
		rule: status(429, { retryAfter: 7 }),
		nature: 'passing',
		isCertainlyNotDone: true,
	},
	{ name: '500', rule: status(500), nature: 'passing' },
	{
		name: '500, all done',
		rule: status(500, { done: true }),
		nature: 'passing',
		isDone: true,
		appliesTo: notRepeatable,
	},
	{ name: '502', rule: status(502), nature: 'passing' },
	{ name: '503 Retry-After', rule: status(503, { retryAfter: 3 }), nature: 'passing' },
	{ name: 'HTML', rule: { kind: 'html' }, nature: 'passing', isDone: true, appliesTo: toApi },
	{ name: 'HTML, 502', rule: { kind: 'html', status: 502 }, nature: 'passing', isDone: true },
	{
		name: 'truncated JSON',
		rule: { kind: 'truncatedJson' },
		nature: 'passing',
		isDone: true,
		appliesTo: withJson,
	},
	{ name: 'unwrapped', rule: { kind: 'unwrapped' }, nature: 'harmless', appliesTo: withJson },
	{ name: 'missing key', rule: { kind: 'missingKey' }, nature: 'passing', isDone: true, appliesTo: withKey },
	{ name: 'upper-case status', rule: { kind: 'upperCaseStatus' }, nature: 'harmless', appliesTo: withStatus },
	{ name: 'unknown status', rule: { kind: 'unknownStatus' }, nature: 'empty', appliesTo: withStatus },
	{
		name: 'upload_link for download_link',
		rule: { kind: 'uploadLinkKey' },
		nature: 'harmless',
		appliesTo: withDownloadLinks,
	},
	{ name: 'empty list', rule: { kind: 'emptyList' }, nature: 'empty', appliesTo: withLinks },
	{ name: 'expired links', rule: { kind: 'expiredLinks' }, nature: 'passing', appliesTo: withLinks },
	{
		name: 'expired link',
		rule: { kind: 'expiredLinks' },
		nature: 'passing',
		isCertainlyNotDone: true,
		appliesTo: toStorage,
	},
	{ name: 'truncated file', rule: { kind: 'truncatedDownload' }, nature: 'passing', appliesTo: withFile },
	{
		name: 'truncated file without length',
		rule: { kind: 'truncatedDownload', contentLength: false },
		nature: 'passing',
		appliesTo: withFile,
	},
	{
		name: 'file that stops half-way',
		rule: { kind: 'stall' },
		nature: 'passing',
		isSilent: true,
		appliesTo: withFile,
	},
	{ name: 'wrong length', rule: { kind: 'wrongLength' }, nature: 'passing', appliesTo: withFile },
	{ name: 'redirect', rule: { kind: 'redirect' }, nature: 'lasting', isCertainlyNotDone: true },
];

/** The faults that a call can meet. */
export function faultsOf(call: NodeCall): Fault[] {
	return faults.filter(({ appliesTo = () => true }) => appliesTo(call));
}
