using MediaAspire.Api.S3.Buckets;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Access;

/// <summary>Access control, and the operations that configure it.</summary>
internal static class AccessOperations
{
    private const string Acl = "acl";
    private const string Policy = "policy";
    private const string Block = "publicAccessBlock";
    private const string Ownership = "ownershipControls";

    /// <summary>Adds access control; must come before the operations that it authorizes.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<GranteeResolver>();
        services.TryAddSingleton<AclHeaders>();
        services.TryAddSingleton<AclXml>();
        services.TryAddSingleton<GivenAcl>();
        services.TryAddSingleton<PolicyCache>();
        services.TryAddSingleton<AccessDocuments>();
        services.TryAddSingleton<IS3Authorizer, AccessAuthorizer>();
        services.TryAddSingleton<IObjectAccess, NewObjectLists>();
        services.TryAddSingleton<INewBucketAccess, NewBucketLists>();

        services.AddBucketOperation<GetBucketAcl>("GetBucketAcl", HttpMethods.Get, "s3:GetBucketAcl", Acl);
        services.AddBucketOperation<PutBucketAcl>("PutBucketAcl", HttpMethods.Put, "s3:PutBucketAcl", Acl);

        // Their actions depend on whether the request names a version.
        services.AddObjectOperation<GetObjectAcl>("GetObjectAcl", HttpMethods.Get, Acl);
        services.AddObjectOperation<PutObjectAcl>("PutObjectAcl", HttpMethods.Put, Acl);

        services.AddBucketOperation<GetBucketPolicy>("GetBucketPolicy", HttpMethods.Get, "s3:GetBucketPolicy", Policy);
        services.AddBucketOperation<PutBucketPolicy>("PutBucketPolicy", HttpMethods.Put, "s3:PutBucketPolicy", Policy);
        services.AddBucketOperation<DeleteBucketPolicy>("DeleteBucketPolicy", HttpMethods.Delete, "s3:DeleteBucketPolicy", Policy);
        services.AddBucketOperation<GetBucketPolicyStatus>(
            "GetBucketPolicyStatus", HttpMethods.Get, "s3:GetBucketPolicyStatus", "policyStatus");
        services.AddBucketOperation<GetPublicAccessBlock>("GetPublicAccessBlock", HttpMethods.Get, "s3:GetBucketPublicAccessBlock", Block);
        services.AddBucketOperation<PutPublicAccessBlock>("PutPublicAccessBlock", HttpMethods.Put, "s3:PutBucketPublicAccessBlock", Block);
        services.AddBucketOperation<DeletePublicAccessBlock>(
            "DeletePublicAccessBlock", HttpMethods.Delete, "s3:PutBucketPublicAccessBlock", Block);
        services.AddBucketOperation<GetBucketOwnership>(
            "GetBucketOwnershipControls", HttpMethods.Get, "s3:GetBucketOwnershipControls", Ownership);
        services.AddBucketOperation<PutBucketOwnership>(
            "PutBucketOwnershipControls", HttpMethods.Put, "s3:PutBucketOwnershipControls", Ownership);
        services.AddBucketOperation<DeleteBucketOwnership>(
            "DeleteBucketOwnershipControls", HttpMethods.Delete, "s3:PutBucketOwnershipControls", Ownership);

        return services;
    }

    private static void AddBucketOperation<THandler>(
        this IServiceCollection services, string name, string method, string action, string subresource)
        where THandler : class, IS3Operation =>
        services.AddS3Operation<THandler>(new(name, method, S3Scope.Bucket, action, typeof(THandler)) { Subresource = subresource });

    private static void AddObjectOperation<THandler>(this IServiceCollection services, string name, string method, string subresource)
        where THandler : class, IS3Operation =>
        services.AddS3Operation<THandler>(new(name, method, S3Scope.Object, Action: null, typeof(THandler))
        {
            Subresource = subresource,
            Parameters = [S3Parameters.VersionId],
        });
}
