using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Locks;

/// <summary>The operations on object lock.</summary>
internal static class LockOperations
{
    private const string Configuration = "object-lock";
    private const string Retention = "retention";
    private const string LegalHold = "legal-hold";

    public static IServiceCollection AddObjectLock(this IServiceCollection services)
    {
        services.TryAddSingleton<LockHeaders>();

        services.Add<GetObjectLockConfiguration>(
            "GetObjectLockConfiguration", HttpMethods.Get, S3Scope.Bucket, LockActions.GetConfiguration, Configuration);
        services.Add<PutObjectLockConfiguration>(
            "PutObjectLockConfiguration", HttpMethods.Put, S3Scope.Bucket, LockActions.PutConfiguration, Configuration);

        // These authorize their senders themselves, because policies may have conditions on their documents.
        services.Add<GetObjectRetention>("GetObjectRetention", HttpMethods.Get, S3Scope.Object, action: null, Retention);
        services.Add<PutObjectRetention>("PutObjectRetention", HttpMethods.Put, S3Scope.Object, action: null, Retention);
        services.Add<GetObjectLegalHold>("GetObjectLegalHold", HttpMethods.Get, S3Scope.Object, action: null, LegalHold);
        services.Add<PutObjectLegalHold>("PutObjectLegalHold", HttpMethods.Put, S3Scope.Object, action: null, LegalHold);

        return services;
    }

    private static void Add<THandler>(
        this IServiceCollection services, string name, string method, S3Scope scope, string? action, string subresource)
        where THandler : class, IS3Operation =>
        services.AddS3Operation<THandler>(new(name, method, scope, action, typeof(THandler))
        {
            Subresource = subresource,
            Parameters = scope == S3Scope.Object ? [S3Parameters.VersionId] : [],
        });
}
