/** OpenSSL's verification errors as Node names them (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|ERROR_IN_C|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/;

/** @returns whether a failure's code says that the target's certificate is not to be trusted: waiting does not mend it */
export function isCertificateCode(code: string): boolean {
  return CERTIFICATE_CODE.test(code);
}
