using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Protocol;

internal static class S3OperationExtensions
{
    /// <summary>Adds an operation and its implementation.</summary>
    public static IServiceCollection AddS3Operation<THandler>(this IServiceCollection services, S3Operation operation)
        where THandler : class, IS3Operation
    {
        services.TryAddSingleton<THandler>();
        return services.AddSingleton(operation);
    }
}
