import { WebhookContext } from 'n8n-core';
import { UserError } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	IRunExecutionData,
	IWebhookData,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** A POST to a webhook. */
export interface WebhookCall {
	url: string;
	body?: unknown;
	/** In lower case. Type and length are there already, as for JSON. */
	headers?: Record<string, string>;
	/** Called when the answer is sent, which may be long before the node is done. */
	onAnswer?: () => void;
}

/** The answer to the caller. */
export interface WebhookAnswer {
	statusCode: number;
	body: unknown;
}

/** The result of a request: the caller's answer, and what the node returned to n8n. */
export interface WebhookOutcome {
	answer?: WebhookAnswer;
	response: IWebhookResponseData;
}

interface Place {
	workflow: Workflow;
	node: INode;
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	/** Of the execution that the call resumes. */
	runExecutionData?: IRunExecutionData;
}

/** Delivers a request to a node's `webhook`, as n8n does. */
export async function callWebhook(
	{ workflow, node, additionalData, mode, runExecutionData }: Place,
	call: WebhookCall,
): Promise<WebhookOutcome> {
	const type = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const [webhookDescription] = type.description.webhooks ?? [];
	if (webhookDescription === undefined || type.webhook === undefined)
		throw new UserError(`The node "${node.name}" has no webhook`);

	const recorder = new ResponseRecorder(call.onAnswer);
	additionalData.httpRequest = toRequest(call) as never;
	additionalData.httpResponse = recorder as never;
	const webhookData = { webhookDescription, node: node.name } as IWebhookData;
	const context = new WebhookContext(
		workflow,
		node,
		additionalData,
		mode,
		webhookData,
		[],
		runExecutionData ?? null,
	);
	const response = await type.webhook.call(context);
	return { answer: recorder.answer, response };
}

/** The part of Express' response that nodes use; a second answer is an error there, too. */
class ResponseRecorder {
	answer?: WebhookAnswer;

	private statusCode = 200;

	constructor(private readonly onAnswer?: () => void) {}

	get headersSent(): boolean {
		return this.answer !== undefined;
	}

	status(statusCode: number): this {
		this.statusCode = statusCode;
		return this;
	}

	json(body: unknown): this {
		if (this.headersSent) throw new UserError('Cannot set headers after they are sent to the client');
		this.answer = { statusCode: this.statusCode, body };
		this.onAnswer?.();
		return this;
	}
}

function toRequest({ url, body, headers }: WebhookCall) {
	const { searchParams } = new URL(url);
	const text = body === undefined ? '' : JSON.stringify(body);
	return {
		method: 'POST',
		url,
		params: {},
		query: toQuery(searchParams),
		headers: {
			'content-type': 'application/json',
			'content-length': String(Buffer.byteLength(text)),
			...headers,
		},
		body,
	};
}

/** A repeated parameter becomes a list, as in Express. */
function toQuery(parameters: URLSearchParams): IDataObject {
	const valuesOf = (name: string) => {
		const values = parameters.getAll(name);
		return values.length === 1 ? values[0] : values;
	};
	return Object.fromEntries([...parameters.keys()].map((name) => [name, valuesOf(name)]));
}
