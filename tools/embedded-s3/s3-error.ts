/**
 * Errors as S3 names them: a code in an XML document, and an HTTP status.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import { element, type XmlText, xmlDocument } from '#tools/embedded-s3/xml-writer.ts';

/** HTTP status and usual message by code, after the table of errors in the S3 API reference. */
const KNOWN: Readonly<Record<string, readonly [status: number, message: string]>> = {
  AccessDenied: [403, 'Access Denied'],
  BadDigest: [400, 'The Content-MD5 or checksum value that you specified did not match what the server received.'],
  BucketAlreadyOwnedByYou: [409, 'The bucket that you tried to create already exists, and you own it.'],
  BucketNotEmpty: [409, 'The bucket that you tried to delete is not empty.'],
  ConditionalRequestConflict: [409, 'The conditional request cannot succeed due to a conflicting operation.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size.'],
  ExpiredToken: [400, 'The provided token has expired.'],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by the Content-Length HTTP header.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 that you specified is not valid.'],
  InvalidObjectState: [403, "The operation is not valid for the object's storage class"],
  InvalidPart: [400, 'One or more of the specified parts could not be found, or its entity tag did not match.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long'],
  'KMS.DisabledException': [400, 'The request was rejected because the specified KMS key is not enabled.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchLifecycleConfiguration: [404, 'The lifecycle configuration does not exist'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist.'],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NotImplemented: [501, 'A header or query you provided implies functionality that is not implemented.'],
  PermanentRedirect: [301, 'The bucket you are attempting to access must be addressed using the specified endpoint.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  RequestTimeout: [400, 'Your socket connection to the server was not read from or written to in time.'],
  RequestTimeTooSkewed: [403, "The difference between the request time and the server's time is too large."],
  ServiceUnavailable: [503, 'Service is unable to handle request.'],
  SlowDown: [503, 'Please reduce your request rate.'],
};

export interface S3ErrorDetails {
  readonly status?: number;
  readonly message?: string;
  /** Elements of the error document in addition to code and message. */
  readonly elements?: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
}

/** A request that S3 refuses. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly elements: Readonly<Record<string, string>>;
  readonly headers: OutgoingHttpHeaders;

  constructor(
    readonly code: string,
    { status, message, elements = {}, headers = {} }: S3ErrorDetails = {},
  ) {
    const [usualStatus, usualMessage] = KNOWN[code] ?? [400, code];
    super(message ?? usualMessage);
    this.status = status ?? usualStatus;
    this.elements = elements;
    this.headers = headers;
  }
}

export function errorDocument(error: S3Error, resource: string, requestId: string): XmlText {
  const details = { Code: error.code, Message: error.message, ...error.elements };
  const all = { ...details, Resource: resource, RequestId: requestId, HostId: 'embedded' };
  return xmlDocument(
    `<Error>${Object.entries(all)
      .map(([name, text]) => element(name, text))
      .join('')}</Error>`,
  );
}
