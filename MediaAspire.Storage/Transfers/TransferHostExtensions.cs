using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Storage.Transfers;

internal static class TransferHostExtensions
{
    /// <summary>
    /// Adds the server of transfer connections; needs the chunk store and the membership, and pairs with <see cref="UseTransfers"/>.
    /// </summary>
    public static IHostApplicationBuilder AddTransferServer(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ITransferService, TransferService>();
        builder.Services.TryAddSingleton<TransferServer>();
        return builder;
    }

    /// <summary>Serves transfer connections beside the other protocols of the endpoint.</summary>
    public static void UseTransfers(this IConnectionBuilder endpoint)
    {
        var server = endpoint.ApplicationServices.GetRequiredService<TransferServer>();
        endpoint.Use(next => connection => server.OnConnectionAsync(connection, next));
    }
}
