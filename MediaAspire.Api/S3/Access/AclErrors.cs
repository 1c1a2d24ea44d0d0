using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Access;

/// <summary>Errors of access control lists.</summary>
internal static class AclErrors
{
    public static S3Error Malformed() => new(
        "MalformedACLError", 400, "The XML you provided was not well-formed or did not validate against our published schema");

    public static S3Error UnknownId(string id) => S3Errors.InvalidArgument("CanonicalUser/ID", id, "Invalid id");

    public static S3Error UnknownGroup(string uri) => S3Errors.InvalidArgument("Group/URI", uri, "Invalid group uri");

    public static S3Error UnknownCanned(string name) =>
        S3Errors.InvalidArgument("x-amz-acl", name, "The canned ACL you provided is not valid");

    public static S3Error MalformedGrant(string header, string value) =>
        S3Errors.InvalidArgument(header, value, "Argument format not recognized");

    public static S3Error UnknownEmail() =>
        new("UnresolvableGrantByEmailAddress", 400, "The e-mail address you provided does not match any account on record.");

    public static S3Error CannedAndGrants() => S3Errors.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");

    public static S3Error HeadersAndBody() => new("UnexpectedContent", 400, "This request does not support content");

    public static S3Error NothingGiven() => new("MissingSecurityHeader", 400, "Your request was missing a required header");

    public static S3Error NotSupported() => new("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");

    public static S3Error AgainstOwnership() => new(
        "InvalidBucketAclWithObjectOwnership", 400, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");

    /// <summary>Logging into buckets is not implemented, so the grant would have no effect.</summary>
    public static S3Error NoLogDelivery() => S3Errors.NotImplemented("Grants to the log delivery group are not implemented.");
}
