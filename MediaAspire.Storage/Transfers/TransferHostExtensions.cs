using MediaAspire.Storage.Membership;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Storage.Transfers;

internal static class TransferHostExtensions
{
    /// <summary>Adds the server of transfer connections; pairs with <see cref="UseTransfers"/>.</summary>
    public static IHostApplicationBuilder AddTransferServer(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<CallerCheck>();
        builder.Services.TryAddSingleton<ITransferService, TransferService>();
        builder.Services.TryAddSingleton<TransferServer>();
        return builder;
    }

    /// <summary>Serves transfer connections beside what else the endpoint serves.</summary>
    public static void UseTransfers(this IConnectionBuilder endpoint)
    {
        var server = endpoint.ApplicationServices.GetRequiredService<TransferServer>();
        endpoint.Use(next => connection => server.OnConnectionAsync(connection, next));
    }
}
