import { ICredentialsHelper, NodeHelpers, UserError } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** A credential as a user saved it: its type, and the fields that differ from their defaults. */
export interface SavedCredential {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
}

/** Answers the engine's questions about credentials as n8n's own helper does, from memory instead of a database. */
export class CredentialsInMemory extends ICredentialsHelper {
	constructor(private readonly saved: SavedCredential[]) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const request = requestOptions as IHttpRequestOptions;
		const { authenticate } = this.find(typeName).type;
		if (authenticate === undefined) return request;
		if (typeof authenticate === 'function') return await authenticate(credentials, request);

		const resolve = (value: unknown) => resolveCredentialExpression(value, credentials, workflow, node);
		const target = request as unknown as Record<string, Record<string, unknown>>;
		target.headers ??= {};
		for (const [part, fields] of Object.entries(authenticate.properties)) {
			target[part] ??= {};
			for (const [key, value] of Object.entries(fields as object)) {
				target[part][resolve(key)] = resolve(value);
			}
		}
		return request;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		context?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const { data } = this.find(type);
		if (raw) return data;
		const withDefaults = NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type),
			data as never,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		if (context === undefined) return withDefaults;
		return context.workflow.expression.getParameterValue(
			withDefaults as never,
			context.runExecutionData,
			context.runIndex,
			context.itemIndex,
			context.node.name,
			context.connectionInputData,
			mode,
			{},
			executeData,
			false,
			withDefaults as never,
		) as unknown as ICredentialDataDecryptedObject;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.find(type).type.properties;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new UserError('Tests keep credentials in memory, not encrypted');
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}

	private find(typeName: string): SavedCredential {
		const found = this.saved.find(({ type }) => type.name === typeName);
		if (found === undefined) throw new UserError(`The test saved no credential of type "${typeName}"`);
		return found;
	}
}

function resolveCredentialExpression(
	value: unknown,
	$credentials: ICredentialDataDecryptedObject,
	workflow: Workflow,
	node: INode,
): string {
	if (typeof value !== 'string' || !value.startsWith('=')) return value as string;
	const resolved = workflow.expression.getSimpleParameterValue(
		node,
		value,
		'internal',
		{ $credentials } as never,
		undefined,
		'',
	);
	return resolved ? String(resolved) : '';
}
