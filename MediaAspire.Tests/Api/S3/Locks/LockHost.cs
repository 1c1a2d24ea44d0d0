using System.Globalization;
using System.Text;
using MediaAspire.Tests.Api.S3.Access;

namespace MediaAspire.Tests.Api.S3.Locks;

/// <summary>Requests about locks.</summary>
internal static class LockHost
{
    public const string Mode = "x-amz-object-lock-mode";
    public const string Until = "x-amz-object-lock-retain-until-date";
    public const string Hold = "x-amz-object-lock-legal-hold";

    /// <summary>A time later than any test run.</summary>
    public const string Far = "2140-01-01T00:00:00.000Z";

    public static readonly (string, string) Bypass = ("x-amz-bypass-governance-retention", "true");

    private const string Xmlns = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    public static Task CreateLockedAsync(this S3TestHost host, string bucket = "locked") =>
        host.DoAsync(S3TestHost.Owner, HttpMethod.Put, $"/{bucket}", "", ("x-amz-bucket-object-lock-enabled", "true"));

    public static Task SetDefaultAsync(this S3TestHost host, string content, string bucket = "locked") =>
        host.DoAsync(S3TestHost.Owner, HttpMethod.Put, $"/{bucket}?object-lock", Configuration(content));

    /// <summary>Sets the policy of the bucket <c>locked</c>.</summary>
    public static Task SetPolicyAsync(this S3TestHost host, string effect, string action, string resource) =>
        host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked?policy", AccessHost.Policy(effect, action, resource));

    /// <summary>Puts an object and returns the id of its version.</summary>
    public static async Task<string> PutVersionAsync(this S3TestHost host, string target, params (string Name, string Value)[] headers)
    {
        using var response = await host.PutAsync(target, Encoding.UTF8.GetBytes(target), headers);
        await response.AssertStatusAsync(200);
        return response.Header("x-amz-version-id")!;
    }

    /// <summary>Gets a version's lock as HEAD shows it.</summary>
    public static async Task<(string? Mode, string? Until, string? Hold)> LockOfAsync(
        this S3TestHost host, string target, string? sender = S3TestHost.Owner)
    {
        using var response = await host.AsAsync(sender, HttpMethod.Head, target);
        await response.AssertStatusAsync(200);
        return (response.Header(Mode), response.Header(Until), response.Header(Hold));
    }

    public static string Configuration(string content) =>
        $"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{content}</ObjectLockConfiguration>";

    public static string Rule(string retention) => $"<Rule><DefaultRetention>{retention}</DefaultRetention></Rule>";

    public static string Retention(string mode, string until) =>
        $"<Retention {Xmlns}><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>";

    public static string LegalHold(string status) => $"<LegalHold {Xmlns}><Status>{status}</Status></LegalHold>";

    /// <summary>Gets the time a number of days from now. The database uses the same machine's clock.</summary>
    public static string InDays(double days) =>
        TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
