using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MediaAspire.Core.Notifications;

/// <summary>The name of a target in the form of an SNS topic, <c>arn:aws:sns:us-east-1:000000000000:media</c>.</summary>
/// <param name="Region">The region of this S3.</param>
/// <param name="Target">The name of the target.</param>
public sealed partial record NotificationArn(string Region, string Target)
{
    private const string Account = "000000000000";

    /// <summary>Parses the ARN of a topic of this S3's account.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NotificationArn? arn)
    {
        var match = Form().Match(text);
        arn = match.Success ? new NotificationArn(match.Groups[1].Value, match.Groups[2].Value) : null;
        return match.Success;
    }

    public override string ToString() => $"arn:aws:sns:{Region}:{Account}:{Target}";

    [GeneratedRegex(@"\Aarn:aws:sns:([A-Za-z0-9-]{1,64}):000000000000:([A-Za-z0-9_-]{1,256})\z")]
    private static partial Regex Form();
}
