using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Forms;

/// <summary>Errors of uploads by form, with the codes and messages of S3.</summary>
internal static class FormErrors
{
    public static S3Error InvalidPolicy(string fault) => new("InvalidPolicyDocument", 400, $"Invalid Policy: {fault}");

    public static S3Error PolicyExpired() => AgainstPolicy("Policy expired.");

    public static S3Error ConditionFailed(PolicyCondition condition) => AgainstPolicy($"Policy Condition failed: {condition}");

    public static S3Error ExtraFields(IEnumerable<string> names) => AgainstPolicy($"Extra input fields: {string.Join(", ", names)}");

    public static S3Error MissingField(string name) => S3Errors.InvalidArgument(
        name, "", $"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields.");

    public static S3Error RepeatedField(string name) =>
        S3Errors.InvalidArgument(name, value: null, $"Bucket POST must contain at most one field named '{name}'.");

    public static S3Error MissingFile() => S3Errors.InvalidArgument("file", "0", "POST requires exactly one file upload per request.");

    public static S3Error UnsupportedAlgorithm(string value) =>
        S3Errors.InvalidArgument("X-Amz-Algorithm", value, "Only AWS4-HMAC-SHA256 is supported");

    public static S3Error InvalidCredential(string value, string fault) => S3Errors.InvalidArgument("x-amz-credential", value, fault);

    public static S3Error InvalidDate(string value) =>
        S3Errors.InvalidArgument("X-Amz-Date", value, "X-Amz-Date must be formated via ISO8601 Long format");

    public static S3Error FieldsTooLarge() => new(
        "MaxPostPreDataLengthExceeded", 400, "Your POST request fields preceding the upload file were too large.");

    public static S3Error EmptyKey() => S3Errors.InvalidArgument("key", "", "User key must have a length greater than 0.");

    public static S3Error NotAForm() => S3Errors.PreconditionFailed("Bucket POST must be of the enclosure-type multipart/form-data");

    public static S3Error Malformed() => new(
        "MalformedPOSTRequest", 400, "The body of your POST request is not well-formed multipart/form-data.");

    private static S3Error AgainstPolicy(string fault) => S3Errors.AccessDenied($"Invalid according to Policy: {fault}");
}
