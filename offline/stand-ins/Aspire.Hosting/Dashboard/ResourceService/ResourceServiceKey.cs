using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.ResourceService;

/// <summary>The key without which nobody on this machine may see the resources' environment or run commands.</summary>
internal sealed class ResourceServiceKey(string value)
{
    private const string Header = "x-resource-service-api-key";
    private const int GeneratedBytes = 16;

    private readonly byte[] _hash = Hash(value);

    public string Value { get; } = value;

    public static ResourceServiceKey Generate() => new(RandomNumberGenerator.GetHexString(GeneratedBytes * 2, lowercase: true));

    /// <summary>Passes a request on if it carries the key, and answers 401 if not.</summary>
    public Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[Header] is [{ } given] && CryptographicOperations.FixedTimeEquals(Hash(given), _hash))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    // Hashes have one length, so comparing them does not tell the key's.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
