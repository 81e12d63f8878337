import type { FaultRule } from '../../sandbox/control.mts';
import type { Call } from './calls.mts';

/** Where a request is led in place of the server: nobody listens, nobody has the name, or nobody speaks TLS. */
export type Misroute = 'refused' | 'dns' | 'tls';

/** A fault as the rules see it. */
export interface Fault {
	name: string;
	/** What the sandbox is asked for; none where the request never gets there. */
	rule?: Omit<FaultRule, 'call'>;
	misroute?: Misroute;
	/**
	 * `harmless`: nothing is missing from the answer. `passing`: another try may do. `lasting`: no other try will.
	 * `empty`: an answer that says "nothing yet".
	 */
	nature: 'harmless' | 'passing' | 'lasting' | 'empty';
	/** Whether the server has done what it was asked for. */
	done?: boolean;
	/** Whether it can be seen from the failure that nothing was done. */
	surelyNotDone?: boolean;
	/** No answer comes: time-outs have to be short. */
	silent?: boolean;
	/** The calls that can meet it; all unless told. */
	meets?: (call: Call) => boolean;
}

const ofApi = ({ to }: Call) => to === 'api';
/** Of the others nobody reads the answer. */
const withJson = ({ to, holds }: Call) => to === 'api' && holds !== 'nothing';
const ofPhotos = ({ to }: Call) => to === 'storage';
const thatAct = ({ repeat }: Call) => repeat !== 'always';
const withKey = ({ key }: Call) => key !== undefined;
const withStatus = ({ holds }: Call) => holds === 'status';
const withLinks = ({ holds }: Call) => holds === 'uploadLinks' || holds === 'downloadLinks';
const withDownloadLinks = ({ holds }: Call) => holds === 'downloadLinks';
const thatFetch = ({ holds }: Call) => holds === 'file';

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
	{ name: 'refused', misroute: 'refused', nature: 'passing', surelyNotDone: true },
	{ name: 'no such host', misroute: 'dns', nature: 'passing', surelyNotDone: true },
	{ name: 'TLS', misroute: 'tls', nature: 'lasting', surelyNotDone: true },
	{ name: 'reset before', rule: { kind: 'resetBefore' }, nature: 'passing' },
	{ name: 'reset in mid-body', rule: { kind: 'resetMidBody' }, nature: 'passing', done: true },
	{ name: 'reset after', rule: { kind: 'resetAfter' }, nature: 'passing', done: true },
	{ name: 'time-out', rule: { kind: 'hang' }, nature: 'passing', done: true, silent: true },
	{
		name: 'time-out, nothing done',
		rule: { kind: 'hang', done: false },
		nature: 'passing',
		silent: true,
		meets: thatAct,
	},
	{ name: '401', rule: status(401), nature: 'lasting', surelyNotDone: true },
	{ name: '403', rule: status(403), nature: 'lasting', surelyNotDone: true },
	{ name: '404', rule: status(404), nature: 'lasting', surelyNotDone: true },
	{ name: '409', rule: status(409), nature: 'lasting', surelyNotDone: true },
	{ name: '422 list', rule: status(422, { body: list422 }), nature: 'lasting', surelyNotDone: true },
	{ name: '429', rule: status(429), nature: 'passing', surelyNotDone: true },
	{
		name: '429 Retry-After',
		rule: status(429, { retryAfter: 7 }),
		nature: 'passing',
		surelyNotDone: true,
	},
	{ name: '500', rule: status(500), nature: 'passing' },
	{ name: '500, all done', rule: status(500, { done: true }), nature: 'passing', done: true, meets: thatAct },
	{ name: '502', rule: status(502), nature: 'passing' },
	{ name: '503 Retry-After', rule: status(503, { retryAfter: 3 }), nature: 'passing' },
	{ name: 'HTML', rule: { kind: 'html' }, nature: 'passing', done: true, meets: ofApi },
	{ name: 'HTML, 502', rule: { kind: 'html', status: 502 }, nature: 'passing', done: true },
	{
		name: 'truncated JSON',
		rule: { kind: 'truncatedJson' },
		nature: 'passing',
		done: true,
		meets: withJson,
	},
	{ name: 'unwrapped', rule: { kind: 'unwrapped' }, nature: 'harmless', meets: withJson },
	{ name: 'missing key', rule: { kind: 'missingKey' }, nature: 'passing', done: true, meets: withKey },
	{ name: 'upper-case status', rule: { kind: 'upperCaseStatus' }, nature: 'harmless', meets: withStatus },
	{ name: 'unknown status', rule: { kind: 'unknownStatus' }, nature: 'empty', meets: withStatus },
	{
		name: 'upload_link for download_link',
		rule: { kind: 'uploadLinkKey' },
		nature: 'harmless',
		meets: withDownloadLinks,
	},
	{ name: 'empty list', rule: { kind: 'emptyList' }, nature: 'empty', meets: withLinks },
	{ name: 'expired links', rule: { kind: 'expiredLinks' }, nature: 'passing', meets: withLinks },
	{
		name: 'expired link',
		rule: { kind: 'expiredLinks' },
		nature: 'passing',
		surelyNotDone: true,
		meets: ofPhotos,
	},
	{ name: 'truncated file', rule: { kind: 'truncatedDownload' }, nature: 'passing', meets: thatFetch },
	{
		name: 'truncated file without length',
		rule: { kind: 'truncatedDownload', contentLength: false },
		nature: 'passing',
		meets: thatFetch,
	},
	{
		name: 'file that stops half-way',
		rule: { kind: 'stall' },
		nature: 'passing',
		silent: true,
		meets: thatFetch,
	},
	{ name: 'wrong length', rule: { kind: 'wrongLength' }, nature: 'passing', meets: thatFetch },
	{ name: 'redirect', rule: { kind: 'redirect' }, nature: 'lasting', surelyNotDone: true },
];

/** The faults that a call can meet. */
export function faultsOf(call: Call): Fault[] {
	return faults.filter(({ meets = () => true }) => meets(call));
}
