import { shortened } from '../../errors/lists';

/** That a field is empty, or that the expression in it has no value: then the field is filled in, and looks right. @param content as the panel holds it */
export const emptyFieldMessage = (label: string, content: string): string =>
	content.startsWith('=')
		? `'${label}' is empty for this item: the expression ${shortened(content.slice(1))} has no value`
		: `'${label}' is empty`;
