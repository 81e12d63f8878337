import ts from 'typescript';

import { readRuntimeSources, readText } from './project';

/** A text that the code may put out, `…` standing for what it fills in. */
export interface CodeText {
	path: string;
	text: string;
}

/** All that the code may say of what it does, of errors above all; the panel's own texts are not among it. */
export function codeTexts(): CodeText[] {
	return readRuntimeSources().flatMap(({ path }) => {
		const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
		return textsIn(source).map((text) => ({ path, text }));
	});
}

/** The texts within a node of the syntax tree. */
export function textsIn(node: ts.Node): string[] {
	if (isOfThePanel(node) || ts.isImportDeclaration(node) || ts.isTypeNode(node)) return [];
	if (ts.isStringLiteralLike(node)) return [node.text];
	const inside: string[] = [];
	ts.forEachChild(node, (child) => {
		inside.push(...textsIn(child));
	});
	return ts.isTemplateExpression(node) ? [wholeOf(node), ...inside] : inside;
}

function wholeOf({ head, templateSpans }: ts.TemplateExpression): string {
	return head.text + templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

/** The panel has conventions of its own, which other tests hold. */
function isOfThePanel(node: ts.Node): boolean {
	if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node) || ts.isArrowFunction(node)) {
		return /\b(INode(Properties|TypeDescription|PropertyOptions)|AiTool|Operation|Resource)\b/.test(
			node.type?.getText() ?? '',
		);
	}
	return ts.isCallExpression(node) && node.expression.getText() === 'optionsField';
}
