fx_version 'cerulean'
games { 'gta5' }

name 'a stand-in for the official resource'
version '4.0.104'

server_script 'server.lua'
