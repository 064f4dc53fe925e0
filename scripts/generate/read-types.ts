import { parse } from '@babel/parser';
import type * as t from '@babel/types';

/** A type that has a name. */
export interface Declaration {
  readonly name: string;
  readonly says: string;
  /** The names in its angle brackets. */
  readonly generics: readonly string[];
  /** Its type, or all of those that it is at once. */
  readonly parts: readonly Type[];
}

/** What a type is made of. */
export type Type = t.TSType | t.TSMethodSignature | t.TSInterfaceBody | t.TSExpressionWithTypeArguments;

export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly says: string;
  readonly type: Type;
}

/** A parameter, or what a list of arguments holds at one place: one of several types. */
export interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  /** Whether it stands for all arguments from its place on. */
  readonly isRest: boolean;
  readonly types: readonly Type[];
}

/** Reads the declarations of types.d.ts. @throws Error that names the place of whatever it does not know */
export function readTypes(text: string): ReadonlyMap<string, Declaration> {
  const { body } = parse(text, { sourceType: 'module', plugins: [['typescript', { dts: true }]] }).program;
  return new Map(body.map(declarationOf).map((declaration) => [declaration.name, declaration]));
}

function declarationOf(statement: t.Statement): Declaration {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declared?.type !== 'TSInterfaceDeclaration' && declared?.type !== 'TSTypeAliasDeclaration') {
    throw unknown(statement);
  }
  const generics = declared.typeParameters?.params.map(({ name }) => name) ?? [];
  const shared = { name: declared.id.name, says: saidBefore(statement), generics };
  if (declared.type === 'TSInterfaceDeclaration')
    return { ...shared, parts: [...(declared.extends ?? []), declared.body] };
  const { typeAnnotation: type } = declared;
  return { ...shared, parts: type.type === 'TSIntersectionType' ? type.types : [type] };
}

/** What the comment before it says; empty without one. */
function saidBefore({ leadingComments }: t.Node): string {
  const found = leadingComments?.findLast(({ type, value }) => type === 'CommentBlock' && value.startsWith('*'));
  const text = found?.value.slice(1) ?? '';
  return text.replaceAll(/\n\s*\* ?/g, '\n').trim();
}

/** Types of which each is one, without the brackets around them. */
export function alternativesIn(types: readonly Type[]): readonly Type[] {
  return types.flatMap((type) => {
    if (type.type === 'TSUnionType') return alternativesIn(type.types);
    return type.type === 'TSParenthesizedType' ? alternativesIn([type.typeAnnotation]) : [type];
  });
}

/** What stands in the angle brackets behind a name. */
export function argumentsOf(type: Type): readonly Type[] {
  const hasName = type.type === 'TSTypeReference' || type.type === 'TSExpressionWithTypeArguments';
  return hasName ? (type.typeParameters?.params ?? []) : [];
}

/** A mapped type can refer to its names by a variable, which fields have none of. */
export function isObject(part: Type): boolean {
  if (part.type === 'TSMappedType') return part.typeAnnotation?.type === 'TSFunctionType';
  return part.type === 'TSTypeLiteral' || part.type === 'TSInterfaceBody';
}

export function membersIn(part: Type): Member[] {
  if (part.type === 'TSMappedType') {
    const { typeParameter, typeAnnotation: type } = part;
    const names = alternativesIn(typeParameter.constraint ? [typeParameter.constraint] : []);
    return names.map((name) => {
      if (!type || name.type !== 'TSLiteralType' || name.literal.type !== 'StringLiteral') throw unknown(name);
      return { name: name.literal.value, isOptional: false, says: '', type };
    });
  }
  if (part.type !== 'TSTypeLiteral' && part.type !== 'TSInterfaceBody') throw unknown(part);
  return (part.type === 'TSTypeLiteral' ? part.members : part.body).map((member) => {
    if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') throw unknown(member);
    const type = member.type === 'TSMethodSignature' ? member : member.typeAnnotation?.typeAnnotation;
    if (type === undefined) throw unknown(member);
    return { name: nameOf(member.key), isOptional: member.optional === true, says: saidBefore(member), type };
  });
}

export function signatureOf(type: Type) {
  if (type.type !== 'TSFunctionType' && type.type !== 'TSMethodSignature') throw unknown(type);
  const returns = type.typeAnnotation?.typeAnnotation;
  if (returns === undefined) throw unknown(type);
  const parameters = type.parameters.map((parameter): Parameter => {
    const { typeAnnotation } = parameter;
    if (typeAnnotation?.type !== 'TSTypeAnnotation') throw unknown(parameter);
    const isRest = parameter.type === 'RestElement';
    const isOptional = parameter.type === 'Identifier' && parameter.optional === true;
    const name = nameOf(isRest ? parameter.argument : parameter);
    return { name, isOptional, isRest, types: [typeAnnotation.typeAnnotation] };
  });
  return { parameters, returns };
}

/** What a list is a list of; another type as it is. */
export function itemOf(type: Type): Type {
  if (type.type === 'TSTypeOperator' && type.operator === 'readonly') return itemOf(type.typeAnnotation);
  return type.type === 'TSArrayType' ? type.elementType : type;
}

export function nameOf(node: t.Node): string {
  if (node.type === 'TSTypeReference') return nameOf(node.typeName);
  if (node.type === 'TSExpressionWithTypeArguments') return nameOf(node.expression);
  if (node.type !== 'Identifier') throw unknown(node);
  return node.name;
}

export function unknown({ type, loc }: t.Node): Error {
  return new Error(`types.d.ts, line ${loc?.start.line}: Lua's annotations have nothing for a ${type} here.`);
}
