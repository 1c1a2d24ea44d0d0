using System.Globalization;
using MediaAspire.Api.Http;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>Signed upload addresses: <c>/uploads/sign</c>.</summary>
internal static class UploadSigning
{
    public static void MapUploadSigning(this RouteGroupBuilder uploads) =>
        uploads.MapPost("/sign", Sign).WithName("SignUpload").RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("Sign an address that takes one upload without a key until it expires, such as from a browser")
            .AddOpenApiOperationTransformer((operation, _, _) => UploadOpenApi.DescribeSigning(operation))
            .Produces<SignedUploadResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Sign(
        HttpContext http,
        SignUploadRequest? request,
        UploadTargets targets,
        UploadGrants grants,
        UploadLimits limits,
        IOptions<UploadSigningOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        request ??= new(null, null, null, null, null, null, null, null);
        if (http.Request.Query.ContainsKey(UploadGrants.Parameter))
        {
            return UploadErrors.GrantForbids("A signed address is for one upload, and signs no other.");
        }

        if (options.Value.LifetimeOf(request.ExpiresIn) is not { } lifetime)
        {
            return UploadErrors.InvalidLifetime(options.Value.MaxLifetime);
        }

        if (request.MaxSize is { } size && (size < 0 || size > limits.MaxSize))
        {
            return UploadErrors.InvalidTarget($"\"maxSize\" is {size}; it must be 0 to {limits.MaxSize}.");
        }

        if (CheckType(request.ContentType) is { } wrongType)
        {
            return wrongType;
        }

        // The signer is judged as if it created the upload itself now; so is every request with the address, by its key.
        var caller = http.GetCaller();
        var target = TargetOf(request);
        var sender = new UploadSender(caller.Scopes, caller.Owner, caller.KeyId ?? "anonymous", Grant: null);
        var (upload, problem) = await targets.ReadAsync(http, sender, new UploadFields(target), length: null, cancellationToken);
        if (upload is null)
        {
            return problem!;
        }

        var id = UploadSessionId.New();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        var token = grants.Sign(new UploadGrant(
            id.Value, caller.KeyId, upload.Owner?.Value, target, request.MaxSize, request.ContentType, expiresAt.ToUnixTimeSeconds()));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new SignedUploadResponse(
            $"/uploads?{UploadGrants.Parameter}={token}", $"/uploads/{id}?{UploadGrants.Parameter}={token}", id.ToString(), expiresAt));
    }

    private static ProblemHttpResult? CheckType(string? contentType)
    {
        var isValid = contentType is null
            || (contentType.EndsWith("/*", StringComparison.Ordinal) && contentType.Length > 2 && contentType[..^2].All(char.IsAsciiLetter))
            || ContentTypes.TryNormalize(contentType, "", out var normal) && !normal.Contains(';', StringComparison.Ordinal);
        return isValid ? null
            : UploadErrors.InvalidTarget(
                $"\"contentType\" is \"{Problems.Problem.Shorten(contentType!)}\", not one like video/mp4 or video/*.");
    }

    private static Dictionary<string, string> TargetOf(SignUploadRequest request)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(UploadFields.Names.Target, request.Target);
        Add(UploadFields.Names.Filename, request.Filename);
        Add(UploadFields.Names.Owner, request.Owner);
        Add(UploadFields.Names.Bucket, request.Bucket);
        Add(UploadFields.Names.Key, request.Key);
        Add(UploadFields.Names.Media, request.Media);
        Add(UploadFields.Names.Part, request.Part?.ToString(CultureInfo.InvariantCulture));
        Add(UploadFields.Names.Kind, request.Kind);
        Add(UploadFields.Names.Access, request.Access);
        Add(UploadFields.Names.Alias, request.Alias);
        Add(UploadFields.Names.Description, request.Description);
        Add(UploadFields.Names.Tags, request.Tags is { Count: > 0 } tags ? string.Join(',', tags) : null);
        return fields;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                fields.Add(name, value);
            }
        }
    }
}
